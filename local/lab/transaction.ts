import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { PassedWrite } from "./database-proxy.ts";
import type { ItemNames } from "./item-names.ts";
import type { DrawnPart, DrawnTransaction } from "./shapes.ts";

interface SentAction {
  readonly TableName: string;
  readonly Key?: Record<string, AttributeValue>;
  readonly Item?: Record<string, AttributeValue>;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

const ACTIONS = { Put: "put", Delete: "delete", Update: "update", ConditionCheck: "check" } as const;
/** Writes that stand alone, by the names that actions have within a transaction. */
const SINGLE = { PutItem: "Put", DeleteItem: "Delete", UpdateItem: "Update" } as const;

/** The actions of a write, as they were sent. */
export function partsOf({ operation, body, answer }: PassedWrite, names: ItemNames): DrawnPart[] {
  const reasons = reasonsIn(answer?.body);
  return sentActions(operation, body).flatMap((action, index) =>
    Object.entries(action).map(([name, sent]) => {
      const about = names.describe(sent.TableName, sent.Key ?? sent.Item ?? {});
      const condition = withValues(sent.ConditionExpression, sent);
      return {
        action: ACTIONS[name as keyof typeof ACTIONS],
        ...about,
        does: effectOf(name as keyof typeof ACTIONS, about.kind, sent),
        ...(condition !== undefined && { condition }),
        outcome: outcomeOf(answer, reasons[index]),
      };
    }),
  );
}

/** A transaction as it is drawn; `earlier` are those before it. */
export function drawTransaction(
  write: PassedWrite,
  {
    names,
    sender,
    number,
    repeats,
  }: { readonly names: ItemNames } & Pick<DrawnTransaction, "sender" | "number" | "repeats">,
): DrawnTransaction {
  const { at, answer, fault } = write;
  const outcome = (): DrawnTransaction["outcome"] => {
    if (answer === undefined) return "throttled";
    if (answer.status !== 200) return reasonsIn(answer.body).length > 0 ? "cancelled" : "failed";
    return fault === "lose-answer" ? "answer-lost" : "committed";
  };
  return { number, at, sender, parts: partsOf(write, names), outcome: outcome(), repeats };
}

function sentActions(operation: string, body: PassedWrite["body"]): Readonly<Record<string, SentAction>>[] {
  if (operation === "TransactWriteItems") return body["TransactItems"] as Record<string, SentAction>[];
  if (operation === "BatchWriteItem") return batchedActions(body["RequestItems"] as SentBatch);
  const single = SINGLE[operation as keyof typeof SINGLE] as string | undefined;
  return single === undefined ? [] : [{ [single]: body as unknown as SentAction }];
}

type SentBatch = Readonly<Record<string, readonly Readonly<Record<string, Omit<SentAction, "TableName">>>[]>>;

/** `PutRequest` and `DeleteRequest` are all that a batch can hold. */
function batchedActions(batch: SentBatch): Readonly<Record<string, SentAction>>[] {
  return Object.entries(batch).flatMap(([TableName, requests]) =>
    requests.map((request) =>
      Object.fromEntries(
        Object.entries(request).map(([name, sent]) => [name.replace("Request", ""), { TableName, ...sent }]),
      ),
    ),
  );
}

const reasonsIn = (body: Readonly<Record<string, unknown>> | undefined): readonly { Code?: string }[] =>
  (body?.["CancellationReasons"] ?? []) as readonly { Code?: string }[];

function outcomeOf(
  answer: PassedWrite["answer"],
  reason: { readonly Code?: string } | undefined,
): DrawnPart["outcome"] {
  if (answer?.status === 200) return "held";
  if (reason === undefined) return "unknown";
  return (reason.Code ?? "None") === "None" ? "held" : "failed";
}

/** What an action does, in words made of what it carries. */
function effectOf(action: keyof typeof ACTIONS, kind: DrawnPart["kind"], sent: SentAction): string {
  const item = unmarshall(sent.Item ?? {});
  if (action === "ConditionCheck") return "changes nothing: only its condition counts";
  if (action === "Delete") {
    return sent.ConditionExpression === undefined ? "is taken away, if it is there" : "is ended";
  }
  if (action === "Update") return withValues(sent.UpdateExpression, sent) ?? "is changed";
  if (kind === "roster") {
    const count = (item["entries"] as unknown[] | undefined)?.length ?? 0;
    return (
      `moves on to version ${short(String(item["version"]))} and lists ${count} ` +
      (count === 1 ? "session" : "sessions")
    );
  }
  if (kind === "session") {
    return `begins: ${(item["device"] as { readonly label: string }).label}`;
  }
  if (kind === "ending") return `says why: ${String(item["endReason"])} by ${String(item["endedBy"])}`;
  return "is written";
}

/** An expression with the names and values that it refers to, long ones cut short. */
function withValues(expression: string | undefined, sent: SentAction): string | undefined {
  if (expression === undefined) return undefined;
  const values = unmarshall(sent.ExpressionAttributeValues ?? {});
  return expression.replace(/[#:]\w+/g, (reference) => {
    if (reference.startsWith("#")) return sent.ExpressionAttributeNames?.[reference] ?? reference;
    const value: unknown = values[reference.slice(1)] ?? values[reference];
    return value === undefined ? reference : shown(value);
  });
}

/** Millisecond times are shown as times. */
const EARLIEST_TIME = Date.UTC(2001, 0);

function shown(value: unknown): string {
  if (typeof value === "number" && value > EARLIEST_TIME) return new Date(value).toISOString().slice(11, 19);
  return typeof value === "string" ? `"${short(value)}"` : short(JSON.stringify(value));
}

/** Enough to tell two apart. */
export const short = (text: string): string => (text.length > 14 ? `${text.slice(0, 8)}…` : text);
