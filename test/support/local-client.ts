import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type Options = Omit<DynamoDBClientConfig, "endpoint" | "region" | "credentials">;

/** DynamoDB Local takes any credentials. */
export const LOCAL = {
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;

/** The SDK's own client of a DynamoDB Local, or of a proxy before it. */
export const localClient = (endpoint: string, options: Options = {}): DynamoDBClient =>
  new DynamoDBClient({ endpoint, ...LOCAL, ...options });

/** The SDK's own document client of a DynamoDB Local, or of a proxy before it. */
export const localDocuments = (endpoint: string, options: Options = {}): DynamoDBDocumentClient =>
  documentsOf(localClient(endpoint, options));

/** A document client over a client that somebody has added something to. */
export const documentsOf = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
