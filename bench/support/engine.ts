import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";

/** The database that everything is measured on. */
export interface Engine {
  /**
   * What tells the SDK of it, the names being those that Lambda sets: a client made with no options at all
   * finds it, so that each contender is as its documentation has it.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Its process, for whoever measures its memory. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a DynamoDB Local for measuring, in memory or keeping its data in a folder. It is the same for every
 * contender, and needs no network.
 */
export async function startEngine(signal?: AbortSignal, dataFolder?: string): Promise<Engine> {
  // A process group of its own: a Ctrl-C ends the measuring first, which may want to say what it has.
  const database = await startDynamoDbLocal({
    forMeasuring: true,
    detached: true,
    ...(signal !== undefined && { signal }),
    ...(dataFolder !== undefined && { dataFolder }),
  });
  return {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
    pid: database.pid,
    stop: () => database.stop(),
  };
}
