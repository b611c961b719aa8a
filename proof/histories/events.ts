import type { Answer, Operation, SessionRef } from "./history.ts";
import type { Part, Step } from "./sequential-model.ts";

/** A step that the search has to find a place for, between its bounds. */
export interface Event extends Step {
  /** Epoch milliseconds: its instant is not before. */
  readonly from: number;
  /** Nor after. */
  readonly to: number;
  /** Nobody knows whether it took effect at all. */
  readonly isOptional: boolean;
  /** The place in the list of the part of the same operation that comes before it. */
  readonly after?: number;
}

/** Whether an answer leaves open what happened. */
export const isUnknown = ({ answer }: Answer): boolean => answer === "unavailable" || answer === "lost";

const LOOKS = new Set(["live", "dead", "limit", "refused", "notFound"]);

/**
 * Whether an operation changed nothing: it looked, or was refused; also what changed nothing for sure,
 * because nothing that could was ever sent.
 */
export function onlyLooked({ call, answer, newSession }: Operation): boolean {
  if (!isUnknown(answer)) return LOOKS.has(answer.answer);
  if (answer.answer === "unavailable" && answer.effect === "none") return true;
  return call.call === "validate" || (call.call === "login" && newSession === undefined);
}

/**
 * The events of one user, by the time they may begin.
 *
 * Users are checked one by one: linearizability is local, so a history is linearizable if and only if each
 * object's part is (Herlihy and Wing, theorem 1). One operation touches two users: a login that presents
 * another user's session. It is split into an event of each, between the same bounds, and in doing so no
 * order that was possible is lost; what is lost is only that both happened in the same instant, which no
 * answer shows.
 */
export function eventsOf(
  operations: readonly Operation[],
  userId: string,
  isSessionOfUser: (session: SessionRef) => boolean,
): Event[] {
  const events: Event[] = [];
  const byStart = operations.toSorted((a, b) => a.invokedAt - b.invokedAt || a.id - b.id);
  for (const operation of byStart) {
    const parts =
      operation.call.userId === userId ? partsOf(operation) : presenterParts(operation, isSessionOfUser);
    const isOptional = isUnknown(operation.answer);
    for (const [place, part] of parts.entries()) {
      events.push({
        operation,
        part,
        from: operation.invokedAt,
        to: isOptional ? Math.max(operation.answeredAt, operation.settledAt) : operation.answeredAt,
        isOptional,
        ...(place > 0 && { after: events.length - 1 }),
      });
    }
  }
  return events;
}

function partsOf(operation: Operation): Part[] {
  const { call, answer, newSession } = operation;
  // Nothing happened, and nothing was learned: if something did happen, the others' answers have no place
  // without it (I6).
  if (answer.answer === "unavailable" && answer.effect === "none") return [];
  switch (call.call) {
    case "login":
      return isUnknown(answer) && newSession === undefined ? [] : ["whole"];
    case "validate":
      return isUnknown(answer) ? [] : ["whole"];
    case "logout":
    case "endOne":
    case "endOthers":
      return ["whole"];
    case "adminLogout":
      return isUnknown(answer) ? ["revokeBegins"] : ["revokeBegins", "revokeEnds"];
    case "disable":
    case "changePassword":
      if (answer.answer === "notFound") return [];
      return isUnknown(answer) ? ["directory", "revokeBegins"] : ["directory", "revokeBegins", "revokeEnds"];
    case "enable":
      return answer.answer === "notFound" ? [] : ["directory"];
  }
}

function presenterParts(
  { call, answer, newSession }: Operation,
  isSessionOfUser: (session: SessionRef) => boolean,
): Part[] {
  if (call.call !== "login" || call.presented === undefined || !isSessionOfUser(call.presented)) return [];
  if (answer.answer === "unavailable" && answer.effect === "none") return [];
  return answer.answer === "loggedIn" || (isUnknown(answer) && newSession !== undefined) ? ["presenter"] : [];
}
