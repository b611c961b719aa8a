import type { DocumentClient } from "./document-client.ts";
import { createDynamoDbClient, type ClientOptions } from "./sdk-client.ts";

/**
 * The database client of the functions. An answer that takes longer than this is as good as lost: DynamoDB's
 * own are single-digit milliseconds, and a function that waits for one cannot tell its caller anything. Three
 * tries then fit into the shortest function timeout.
 */
const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;
const TRIES = 3;

/** What tells of the database, by the names that Lambda and the SDKs have for it. */
type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the environment variable that is missing. */
function given(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is missing`);
  return value;
}

/**
 * The credentials that Lambda gives a function in its environment. They last as long as the environment does.
 * @throws Error naming the environment variable that is missing.
 */
function lambdaCredentials(environment: Environment) {
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  return {
    accessKeyId: given(environment, "AWS_ACCESS_KEY_ID"),
    secretAccessKey: given(environment, "AWS_SECRET_ACCESS_KEY"),
    ...(sessionToken !== undefined && sessionToken !== "" && { sessionToken }),
  };
}

/**
 * Region and credentials of a Lambda function, for the clients of other services.
 * @throws Error naming the environment variable that is missing.
 */
export const lambdaIdentity = (environment: Environment = process.env) => ({
  region: given(environment, "AWS_REGION"),
  credentials: lambdaCredentials(environment),
});

/**
 * A document client with the timeouts above, for the database, region and credentials that the environment
 * names. Profiles and other sources of credentials are not looked for.
 * @param credentials instead of those in the environment.
 * @throws Error naming the environment variable that is missing.
 */
export function createDocumentClient(
  environment: Environment = process.env,
  credentials?: ClientOptions["credentials"],
): DocumentClient {
  return createDynamoDbClient({
    endpoint: new URL(given(environment, "AWS_ENDPOINT_URL_DYNAMODB")).href,
    region: given(environment, "AWS_REGION"),
    credentials: credentials ?? lambdaCredentials(environment),
    tries: TRIES,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
}
