import { INTERRUPTED, interruption } from "../../cli/interruption.ts";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";

export const ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";

/**
 * What tells the SDK of a database, the names being those that Lambda sets: a client made with no options at
 * all finds it, so that each contender is as its documentation has it.
 */
export const environmentOf = (endpoint: string): Readonly<Record<string, string>> => ({
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
  measure: (endpoint: string, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const signal = interruption();
  try {
    // A process group of its own: a Ctrl-C ends the measuring first, which may want to say what it has.
    const database = await startDynamoDbLocal({ forMeasuring: true, detached: true, signal });
    try {
      await measure(database.endpoint, signal);
    } finally {
      await database.stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) process.exitCode = INTERRUPTED;
  return signal.aborted;
}
