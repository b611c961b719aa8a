import { sessionIdOf, type Change } from "./changes.ts";

/** An item of a session that no login made so. */
export const isNonsense = ({ pk, before, after }: Change): boolean =>
  sessionIdOf(pk) !== undefined &&
  (before === undefined || after === undefined) &&
  (after ?? before)?.["userId"] === undefined;

export const isStart = (change: Change): boolean =>
  sessionIdOf(change.pk) !== undefined &&
  change.before === undefined &&
  change.cause.cause !== "restore" &&
  !isNonsense(change);

export const isEnd = (change: Change): boolean =>
  sessionIdOf(change.pk) !== undefined && change.after === undefined && !isNonsense(change);

/** The one touch of a session that finds it used from two places. */
export const isSuspicion = ({ pk, before, after }: Change): boolean =>
  sessionIdOf(pk) !== undefined &&
  before !== undefined &&
  before["suspectedAt"] === undefined &&
  after?.["suspectedAt"] !== undefined;

/** What must be told of a change. */
export function kindsOf(change: Change): readonly string[] {
  if (isNonsense(change)) return ["unreadable"];
  if (isEnd(change)) return ["ended"];
  if (isSuspicion(change)) return ["suspected"];
  if (!isStart(change)) return [];
  return change.after?.["contention"] === undefined ? ["started"] : ["started", "contention"];
}
