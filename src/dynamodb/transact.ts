import { TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Backoff, type BackoffDependencies } from "./backoff.ts";
import type { DocumentClient } from "./document-client.ts";
import { StoreUnavailableError, type FaultEffect } from "./errors.ts";
import { cancellationReasons, faultKind } from "./faults.ts";

export type TransactAction = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** A condition of the transaction that did not hold. */
export interface FailedCondition {
  /** Which action's it was, by its place in the list. */
  readonly index: number;
  /** The item as it was found, where the action asked for it and there was one. */
  readonly item: Record<string, unknown> | undefined;
}

export type TransactResult =
  | { readonly result: "applied" }
  /** Nothing was written. */
  | { readonly result: "condition-failed"; readonly failed: readonly FailedCondition[] };

export interface TransactDependencies extends BackoffDependencies {
  readonly documents: DocumentClient;
  /** For the request token, which makes repeated sends one transaction. */
  readonly random: (bytes: number) => Uint8Array;
}

const TRANSACT_BACKOFF = { firstMs: 25, longestMs: 500, patienceMs: 4000 };

/**
 * Sends one transaction until it has a definite answer. Where there was none, the same bytes go again under
 * the same request token, so that DynamoDB applies them once however often they arrive; where it was
 * throttled or met another transaction, it waits and goes again likewise.
 * @throws {@link StoreUnavailableError} when patience ends; its effect is `unknown` if any of the sends may
 * have been applied.
 */
export async function transact(
  dependencies: TransactDependencies,
  actions: readonly TransactAction[],
): Promise<TransactResult> {
  const backoff = new Backoff(dependencies, TRANSACT_BACKOFF);
  const input: TransactWriteCommandInput = {
    TransactItems: [...actions],
    ClientRequestToken: Buffer.from(dependencies.random(16)).toString("hex"),
  };
  let effect: FaultEffect = "none";
  for (;;) {
    try {
      await dependencies.documents.send(
        watched(new TransactWriteCommand(input), (error) => {
          if (faultKind(error) === "unanswered") effect = "unknown";
        }),
      );
      return { result: "applied" };
    } catch (error) {
      const failed = failedConditions(error);
      if (failed.length > 0) return { result: "condition-failed", failed };
      if (faultKind(error) === "fault") throw error;
      if ((await backoff.wait()) === "out-of-patience") {
        throw new StoreUnavailableError("DynamoDB did not carry out a transaction", { effect, cause: error });
      }
    }
  }
}

/**
 * The client retries by itself and throws only the last error: this shows each try's, so that no lost answer
 * is missed.
 */
function watched(command: TransactWriteCommand, seen: (error: unknown) => void): TransactWriteCommand {
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        seen(error);
        throw error;
      }
    },
    // A document command adds its stack to itself, hence `override`.
    { name: "watchTries", step: "finalizeRequest", priority: "low", override: true },
  );
  return command;
}

/**
 * A cancelled transaction's failed conditions. Beside one, a conflict does not matter: asking again would
 * fail the same way.
 */
function failedConditions(error: unknown): FailedCondition[] {
  return (cancellationReasons(error) ?? []).flatMap((reason, index) =>
    reason.Code === "ConditionalCheckFailed"
      ? [{ index, item: reason.Item === undefined ? undefined : unmarshall(reason.Item) }]
      : [],
  );
}
