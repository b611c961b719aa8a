import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

/** What came of a write under a condition. */
export type ConditionalWrite<T> =
  | { readonly result: "written"; readonly output: T }
  /**
   * Nothing was written. The item is the one that was found, where the write asked for it and there was one.
   */
  | { readonly result: "condition-failed"; readonly item: Record<string, unknown> | undefined };

/**
 * Runs a write under a condition. A condition that did not hold is an answer; any other error is thrown as it
 * came.
 */
export async function conditionalWrite<T>(write: () => Promise<T>): Promise<ConditionalWrite<T>> {
  try {
    return { result: "written", output: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return {
      result: "condition-failed",
      item: error.Item === undefined ? undefined : unmarshall(error.Item),
    };
  }
}
