import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "./expression.ts";

export interface Reason {
  readonly Code: "None" | "ConditionalCheckFailed" | "TransactionConflict";
  readonly Item?: Item;
}

/** What a request to the database comes back with; plain data, so that it can be recorded and given again. */
export type Answer =
  | { readonly answer: "output"; readonly output: Record<string, unknown> }
  | { readonly answer: "cancelled"; readonly reasons: readonly Reason[] }
  | { readonly answer: "condition-failed"; readonly item?: Item }
  | { readonly answer: "conflict" | "in-progress" | "throttled" | "timeout" }
  | { readonly answer: "invalid"; readonly problem: string };

/** The error that the database's client throws for an answer, or `undefined` where it does not throw. */
export function errorOf(answer: Answer): Error | undefined {
  const told = { message: answer.answer, $metadata: { httpStatusCode: 400 } };
  switch (answer.answer) {
    case "output":
      return undefined;
    case "cancelled":
      return new TransactionCanceledException({
        ...told,
        CancellationReasons: answer.reasons.map(({ Code, Item }) => ({
          Code,
          ...(Item !== undefined && { Item: marshall(Item) }),
        })),
      });
    case "condition-failed":
      return new ConditionalCheckFailedException({
        ...told,
        ...(answer.item !== undefined && { Item: marshall(answer.item) }),
      });
    case "conflict":
      return new TransactionConflictException(told);
    case "in-progress":
      return new TransactionInProgressException(told);
    case "throttled":
      return named("ThrottlingException", told);
    case "timeout":
      return named("TimeoutError", {});
    case "invalid":
      return named("ValidationException", { ...told, $fault: "client", message: answer.problem });
  }
}

const named = (name: string, more: object): Error => Object.assign(new Error(name), { name }, more);
