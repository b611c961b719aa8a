import { INTERRUPTED, interruption } from "../../cli/interruption.ts";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";

/** The database that everything is measured on. */
export interface Engine {
  readonly endpoint: string;
  /**
   * What tells the SDK of it, the names being those that Lambda sets: a client made with no options at all
   * finds it, so that each contender is as its documentation has it.
   */
  readonly environment: Readonly<Record<string, string>>;
}

export const ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";

/** The variables by which Lambda's environment tells of a database. */
export const environmentOf = (endpoint: string): Record<string, string> => ({
  [ENDPOINT]: endpoint,
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});

/**
 * Runs a measurement on a DynamoDB Local of its own, in memory. Ctrl-C ends it early, with what was measured
 * by then, and the process with 130.
 * @returns whether it ended early.
 */
export async function onEngine(
  measure: (engine: Engine, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const signal = interruption();
  try {
    // A process group of its own: a Ctrl-C ends the measuring first, which may want to say what it has.
    const database = await startDynamoDbLocal({
      forMeasuring: true,
      detached: true,
      signal,
    });
    const { endpoint } = database;
    try {
      await measure({ endpoint, environment: environmentOf(endpoint) }, signal);
    } finally {
      await database.stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) process.exitCode = INTERRUPTED;
  return signal.aborted;
}
