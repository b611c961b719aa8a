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

/**
 * A document client with the timeouts above, for the database, region and credentials that the environment
 * names. Lambda gives credentials there, which last as long as the environment does; profiles and other
 * sources are not looked for.
 * @param credentials instead of those in the environment.
 * @throws Error naming the environment variable that is missing.
 */
export function createDocumentClient(
  environment: Environment = process.env,
  credentials?: ClientOptions["credentials"],
): DocumentClient {
  const given = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") throw new Error(`the environment variable ${name} is missing`);
    return value;
  };
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  return createDynamoDbClient({
    endpoint: new URL(given("AWS_ENDPOINT_URL_DYNAMODB")).href,
    region: given("AWS_REGION"),
    credentials: credentials ?? {
      accessKeyId: given("AWS_ACCESS_KEY_ID"),
      secretAccessKey: given("AWS_SECRET_ACCESS_KEY"),
      ...(sessionToken !== undefined && sessionToken !== "" && { sessionToken }),
    },
    tries: TRIES,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
}
