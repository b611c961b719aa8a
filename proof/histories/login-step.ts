import type { Call, Operation } from "./history.ts";
import type { Knowledge } from "./timing.ts";
import { canExist, DEAD, ending, EXISTS, withMasks, type Possible, type UserState } from "./user-state.ts";

type Login = Extract<Call, { call: "login" }>;

/** A login with its call's references looked up. */
interface Attempt {
  readonly operation: Operation;
  readonly call: Login;
  readonly presented: number | undefined;
  readonly chosen: readonly number[];
  readonly mayDisplace: boolean;
}

/** What a login may make of a user's sessions (design section 4, `login`). */
export function loginStep(
  state: UserState,
  operation: Operation,
  call: Login,
  knowledge: Knowledge,
): UserState[] {
  const { answer, newSession } = operation;
  const attempt: Attempt = {
    operation,
    call,
    presented: call.presented === undefined ? undefined : knowledge.indexOf(call.presented),
    // Under `deny` nobody gets in by naming whom to end.
    chosen:
      call.policy.atLimit === "deny" ? [] : (call.end ?? []).flatMap((id) => knowledge.indexOf(id) ?? []),
    mayDisplace:
      call.policy.atLimit === "displace" || (call.policy.atLimit === "ask" && call.takeover === true),
  };
  switch (answer.answer) {
    case "refused":
      return isProven(state, call) ? [] : [state];
    case "limit": {
      const listed = knowledge.indexesOf(answer.sessions);
      return listed === undefined ? [] : refusedAtLimit(state, attempt, listed, knowledge);
    }
    case "loggedIn": {
      const displaced = knowledge.indexesOf(answer.displaced);
      const added = knowledge.indexOf(answer.session);
      return displaced === undefined || added === undefined
        ? []
        : admitted(state, attempt, { added, displaced }, knowledge);
    }
    case "unavailable":
    case "lost": {
      const added = newSession === undefined ? undefined : knowledge.indexOf(newSession);
      return added === undefined ? [] : admittedUnseen(state, attempt, added, knowledge);
    }
    case "live":
    case "dead":
    case "done":
    case "notFound":
    case "fault":
      return [];
  }
}

/**
 * I5: who was disabled, or whose password was changed, does not get in by the old one; a one-time token
 * counts once.
 */
function isProven(state: UserState, { source, credentials, tokenId }: Login): boolean {
  switch (source) {
    case "trusted":
      return true;
    case "passwords":
      return state.enabled && credentials === state.credentials;
    case "oidc":
      return tokenId === undefined || !state.usedTokens.includes(tokenId);
  }
}

/**
 * 409 lists exactly the live sessions, but not the presented one, and changes nothing (I6). The transactional
 * read that decides is one instant, so here nothing is allowed for but clocks.
 */
function refusedAtLimit(
  state: UserState,
  { operation, call, presented, chosen, mayDisplace }: Attempt,
  listed: readonly number[],
  knowledge: Knowledge,
): UserState[] {
  if (mayDisplace) return [];
  // Credentials are looked at before the sessions; only a commit checks both in one instant.
  if (!isProven(state, call) && !knowledge.proofChangesDuring(operation)) return [];
  if (listed.filter((index) => !chosen.includes(index)).length + 1 <= call.policy.limit) return [];
  const masks = [...state.masks];
  for (const [index, mask] of masks.entries()) {
    const mayExpire = knowledge.mayExpire(operation, index);
    if (listed.includes(index)) {
      if ((mask & EXISTS) === 0 || (index === presented && !mayExpire)) return [];
      masks[index] = EXISTS;
    } else if (index !== presented && (mask & EXISTS) !== 0 && !mayExpire) {
      masks[index] = mask & DEAD;
      if (masks[index] === 0) return [];
    }
  }
  return [withMasks(state, masks)];
}

/** What a login's commit did: the session it created, and those it ended as displaced. */
interface Outcome {
  readonly added: number;
  readonly displaced: readonly number[];
}

function admitted(state: UserState, attempt: Attempt, outcome: Outcome, knowledge: Knowledge): UserState[] {
  const { operation, call, presented, chosen, mayDisplace } = attempt;
  const { added, displaced } = outcome;
  const { limit } = call.policy;
  const mayExpire = (index: number): boolean => knowledge.mayExpire(operation, index);
  if (!isProven(state, call) || state.masks[added] !== 0) return [];
  // A commit ends sessions on the condition that they are live in that instant: the list is exact.
  if (new Set(displaced).size < displaced.length) return [];
  if (!displaced.every((index) => canExist(state, index))) return [];
  // The presented one ends as logged out; as displaced only where it was taken for expired first, and touched
  // then.
  if (presented !== undefined && displaced.includes(presented) && !mayExpire(presented)) return [];
  const victims = displaced.filter((index) => !chosen.includes(index));
  if (victims.length > 0 && !mayDisplace) return [];

  const others = [...state.masks.keys()].filter(
    (index) =>
      canExist(state, index) && !displaced.includes(index) && (index !== presented || mayExpire(index)),
  );
  const surely = others.filter((index) => state.masks[index] === EXISTS && !mayExpire(index));
  if (surely.some((index) => chosen.includes(index))) return [];
  const perhaps = others.filter((index) => !surely.includes(index) && !chosen.includes(index));
  const room = limit - 1 - surely.length;
  if (room < 0) return [];
  if (victims.length > 0) {
    // No more than needed. A limit above one counts the sessions before it commits, and what a bulk revoke or
    // another user's login ends in between moves no roster: it was counted, and is dead by the commit.
    const counted = limit > 1 ? knowledge.endedBesideRoster(operation, state).length : 0;
    if (perhaps.length + counted < room) return [];
    if (surely.some((index) => victims.some((victim) => knowledge.isSeenAfter(operation, victim, index))))
      return [];
  }

  return subsets(perhaps, Math.min(room, perhaps.length)).flatMap((kept) => {
    const masks = [...state.masks];
    for (const index of displaced) masks[index] = ending("displaced");
    if (presented !== undefined && canExist(state, presented) && !displaced.includes(presented)) {
      masks[presented] = (masks[presented]! & DEAD) | ending("logged_out");
    }
    for (const index of others) {
      if (surely.includes(index)) continue;
      const isKept = kept.includes(index) || knowledge.mayBeUnlisted(operation, index);
      masks[index] = afterCommit(state.masks[index]!, attempt, index, isKept, knowledge);
      if (masks[index] === 0) return [];
    }
    masks[added] = EXISTS;
    return [use({ ...withMasks(state, masks) }, call)];
  });
}

/**
 * A session that the commit neither displaced nor had to count: dropped without an ending where it was taken
 * for expired.
 */
function afterCommit(
  mask: Possible,
  { operation, presented }: Attempt,
  index: number,
  isKept: boolean,
  knowledge: Knowledge,
): Possible {
  const dropped = knowledge.mayExpire(operation, index) ? knowledge.tracesOfDrop(operation) : 0;
  const loggedOut = index === presented ? ending("logged_out") : 0;
  return (isKept ? mask : mask & DEAD) | dropped | loggedOut;
}

const use = (state: UserState, { tokenId }: Login): UserState =>
  tokenId === undefined ? state : { ...state, usedTokens: [...state.usedTokens, tokenId] };

const MOST_UNSEEN = 10;

/** A login that nobody got the answer of may have displaced any of the sets that it could have answered. */
function admittedUnseen(
  state: UserState,
  attempt: Attempt,
  added: number,
  knowledge: Knowledge,
): UserState[] {
  const candidates = [...state.masks.keys()].filter(
    (index) => canExist(state, index) && (attempt.mayDisplace || attempt.chosen.includes(index)),
  );
  if (candidates.length > MOST_UNSEEN) throw new TooManyPossibilitiesError();
  return [...candidates.keys(), candidates.length].flatMap((size) =>
    subsets(candidates, size).flatMap((displaced) =>
      admitted(state, attempt, { added, displaced }, knowledge),
    ),
  );
}

/** More can be meant by an answer that never came than can be followed: the search gives up, and says so. */
export class TooManyPossibilitiesError extends Error {
  override readonly name = "TooManyPossibilitiesError";
}

function subsets(all: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return all.flatMap((first, place) =>
    subsets(all.slice(place + 1), size - 1).map((rest) => [first, ...rest]),
  );
}
