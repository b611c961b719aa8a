import type { Operation } from "./history.ts";
import type { Knowledge } from "./timing.ts";
import {
  canExist,
  DEAD,
  ending,
  EXISTS,
  GONE,
  withMasks,
  type BulkRevoke,
  type Possible,
  type UserState,
} from "./user-state.ts";

/** A bulk revoke reads the roster: what it then listed, it is going to end. */
export function revokeBegins(state: UserState, operation: Operation, knowledge: Knowledge): UserState[] {
  const listed = [...state.masks.keys()].filter((index) => canExist(state, index));
  const { answer } = operation;
  // Counts are of what was seen live a moment later, and may be off where something else ran (the design's
  // one inexactness).
  if (answer.answer === "done" && answer.count !== undefined && knowledge.runsAlone(operation)) {
    const surely = listed.filter(
      (index) => state.masks[index] === EXISTS && !knowledge.mayExpire(operation, index),
    );
    // Changing a user revokes in several attempts, where the first did not get through, and counts only the
    // last.
    const least = operation.call.call === "adminLogout" ? surely.length : 0;
    if (answer.count < least || answer.count > listed.length) return [];
  }
  return [{ ...state, revoking: [...state.revoking, { operation, listed }] }];
}

/** When it has answered, none of the sessions it found validates again (I5). */
export function revokeEnds(state: UserState, operation: Operation, knowledge: Knowledge): UserState[] {
  const masks = [...state.masks];
  const revoke = state.revoking.find((other) => other.operation.id === operation.id);
  if (revoke === undefined) return [];
  for (const index of revoke.listed) {
    if (knowledge.mayBeUnlisted(operation, index)) continue;
    masks[index] = masks[index]! & DEAD;
    if (masks[index] === 0) return [];
  }
  return [{ ...withMasks(state, masks), revoking: state.revoking.filter((other) => other !== revoke) }];
}

/**
 * What revokes under way may have done by now: each of the sessions they found may have ended, and where
 * something else ended it in the same instant, the ending may have been overwritten. Kept as possibilities
 * and not as steps, or the order of a revoke's deletes would multiply the states.
 */
export function meanwhile(state: UserState, latestInvocation: number, knowledge: Knowledge): UserState {
  const revoking = state.revoking.filter(
    ({ operation }) => operation.answer.answer === "done" || operation.settledAt >= latestInvocation,
  );
  if (revoking.length === 0)
    return revoking.length === state.revoking.length ? state : { ...state, revoking };
  const masks = state.masks.map((mask, index) =>
    revoking.reduce((left, revoke) => left | doneBy(revoke, index, left, knowledge), mask),
  );
  return { ...withMasks(state, masks), revoking };
}

function doneBy(
  { operation, listed }: BulkRevoke,
  session: number,
  mask: Possible,
  knowledge: Knowledge,
): Possible {
  if (mask === 0) return 0;
  // Changing a user tries its revoke several times over, and each try reads the roster anew.
  const isFound =
    listed.includes(session) ||
    (operation.call.call !== "adminLogout" && knowledge.mayHaveLivedDuring(operation, session));
  if (!isFound) return 0;
  const isTakenForExpired = (mask & EXISTS) !== 0 && knowledge.mayExpire(operation, session);
  return ending("revoked") | (isTakenForExpired ? GONE : 0);
}
