import type { Operation } from "./history.ts";

/**
 * The invariant that an answer which has no place is most likely about. A guess, for a heading: which one was
 * broken may lie in an operation before, whose answer looked right.
 */
export function invariantAtStake({ call, answer }: Operation, operations: readonly Operation[]): string {
  switch (answer.answer) {
    case "refused":
      return "I5";
    case "loggedIn":
      return call.call === "login" && isGuarded(call.source, operations) ? "I4 or I5" : "I4";
    case "limit":
      return "I4";
    case "done":
      return "I5";
    case "live":
      return endedBy(call, operations);
    case "dead":
      return ofDead(call, answer.reason, operations);
    case "notFound":
      return "I1";
    case "unavailable":
    case "lost":
    case "fault":
      return "I6";
  }
}

const isGuarded = (source: string, operations: readonly Operation[]): boolean =>
  source !== "trusted" &&
  operations.some(
    ({ call }) => call.call === "disable" || call.call === "changePassword" || call.call === "login",
  );

function endedBy(call: Operation["call"], operations: readonly Operation[]): string {
  if (isListedAsDisplaced(call, operations)) return "I4";
  return operations.some(({ call: other }) => other.call !== "login" && other.call !== "validate")
    ? "I5"
    : "I4";
}

function ofDead(
  call: Operation["call"],
  reason: Extract<Operation["answer"], { answer: "dead" }>["reason"],
  operations: readonly Operation[],
): string {
  switch (reason) {
    case "displaced":
      // Where no login says so, one that was refused, or failed, must have done it.
      return isListedAsDisplaced(call, operations) ? "I4" : "I6";
    case "logged_out":
    case "revoked":
      return "I5";
    case "expired":
    case "unknown":
    case "no_session":
      return "I1";
  }
}

const isListedAsDisplaced = (call: Operation["call"], operations: readonly Operation[]): boolean =>
  operations.some(
    ({ answer }) =>
      answer.answer === "loggedIn" && "session" in call && answer.displaced.includes(call.session),
  );
