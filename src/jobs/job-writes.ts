import { Backoff, type BackoffDependencies } from "../dynamodb/backoff.ts";
import { conditionalWrite, type ConditionalWrite } from "../dynamodb/conditional-write.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind } from "../dynamodb/faults.ts";

/** An update expression that sets attributes and adds to others. */
export function updateOf(set: Readonly<Record<string, unknown>>, add: Readonly<Record<string, number>>) {
  const names = [...Object.keys(set), ...Object.keys(add)];
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
  const additions = Object.keys(add).map((name) => `#${name} :${name}`);
  return {
    UpdateExpression: [
      ...(assignments.length > 0 ? [`SET ${assignments.join(", ")}`] : []),
      ...(additions.length > 0 ? [`ADD ${additions.join(", ")}`] : []),
    ].join(" "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries({ ...set, ...add }).map(([name, value]) => [`:${name}`, value]),
    ),
  };
}

const WRITE_BACKOFF = { firstMs: 50, longestMs: 1000, patienceMs: 10_000 };

/**
 * Repeats a write that may be repeated, until it has an answer.
 * @throws {@link StoreUnavailableError} when patience ends.
 */
export async function written<T>(
  dependencies: BackoffDependencies,
  write: () => Promise<T>,
): Promise<ConditionalWrite<T>> {
  const backoff = new Backoff(dependencies, WRITE_BACKOFF);
  for (;;) {
    try {
      return await conditionalWrite(write);
    } catch (error) {
      if (faultKind(error) === "fault") throw error;
      if ((await backoff.wait()) === "out-of-patience") {
        throw new StoreUnavailableError("DynamoDB did not carry out a write", {
          effect: "unknown",
          cause: error,
        });
      }
    }
  }
}
