import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { StandardRetryStrategy } from "@smithy/core/retry";
import type { DocumentClient } from "./document-client.ts";
import { RequestSigner, type Credentials } from "./request-signer.ts";
import { TimelyBackoff, TimelyHttpHandler } from "./timely-requests.ts";

export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** How often a request is sent at most. */
  readonly tries: number;
  /** Milliseconds. */
  readonly connectionTimeout: number;
  /** Milliseconds until an answer begins. */
  readonly requestTimeout: number;
}

/** Milliseconds; the SDK's own for DynamoDB, whose answers are fast. */
const RETRY_DELAY_MS = 25;

/**
 * Middleware that does nothing for a Lambda function which calls DynamoDB: `node:http` sets the length
 * itself, the SDK's logger is off, and DynamoDB needs neither user agent nor trace
 * (docs/design/performance.md).
 */
const IDLE_MIDDLEWARE = [
  "getUserAgentMiddleware",
  "loggerMiddleware",
  "recursionDetectionMiddleware",
  "contentLengthMiddleware",
];

/**
 * The SDK's document client, configured by its public options: what is the same for every request (endpoint,
 * signer, settings) is given and not looked for, and middleware that is idle here is left out.
 */
export function createDynamoDbClient({ region, credentials, ...options }: ClientOptions): DocumentClient {
  const { endpoint, tries, connectionTimeout, requestTimeout } = options;
  const client = new DynamoDBClient({
    ...NOT_LOOKED_FOR,
    endpoint,
    region,
    credentials,
    maxAttempts: tries,
    retryStrategy: new StandardRetryStrategy({
      maxAttempts: tries,
      baseDelay: RETRY_DELAY_MS,
      backoff: new TimelyBackoff(RETRY_DELAY_MS),
    }),
    // The SDK would make one for each request.
    signer: new RequestSigner(credentials, region),
    // This clock is AWS's own: were it minutes off, sessions would expire at the wrong time as well.
    disableClockSkewCorrection: true,
    requestHandler: new TimelyHttpHandler({ connectionTimeout, requestTimeout, throwOnRequestTimeout: true }),
  });
  leaveOutIdle(client);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    send: (command) => documents.send(command),
    // A document client's own closes nothing.
    destroy: () => client.destroy(),
  };
}

/**
 * For each client of the SDK in a function: the bundles do not have what the recursion detection calls
 * (`infra/bundle-aliases.ts`).
 * @throws Error if the SDK has no such middleware: its name has changed, and the list above must.
 */
export function leaveOutIdle({ middlewareStack }: SdkClient): void {
  for (const name of IDLE_MIDDLEWARE) {
    if (!middlewareStack.remove(name)) throw new Error(`the SDK has no middleware ${name}`);
  }
}

interface SdkClient {
  readonly middlewareStack: { readonly remove: (name: string) => boolean };
}

/**
 * The SDK would look for these in the environment and in files, where they could only contradict the given
 * endpoint.
 */
const NOT_LOOKED_FOR = {
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  accountIdEndpointMode: "disabled",
  authSchemePreference: [],
} satisfies DynamoDBClientConfig;
