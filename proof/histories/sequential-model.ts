import type { Answer, Call, Operation } from "./history.ts";
import { loginStep } from "./login-step.ts";
import { revokeBegins, revokeEnds } from "./revoke-steps.ts";
import {
  canExist,
  DEAD,
  ending,
  EXISTS,
  GONE,
  withMask,
  withMasks,
  type Possible,
  type UserState,
} from "./user-state.ts";
import type { Knowledge } from "./timing.ts";

/**
 * The part of an operation that takes effect in one instant. Most have one part. A bulk revoke is no
 * transaction: it reads the roster (`revokeBegins`) and has ended all that it then listed by the time it
 * answers (`revokeEnds`); in between they end one by one. Disabling and changing a password write the
 * directory first. `presenter` is what a login of another user does to the session whose token it presented.
 */
export type Part = "whole" | "directory" | "revokeBegins" | "revokeEnds" | "presenter";

export interface Step {
  readonly operation: Operation;
  readonly part: Part;
}

/**
 * The states that a user's sessions may be in after a step with this answer; none: the answer is impossible
 * here. It is design section 4 for callers that come one after the other: I1, I4, I5 and I6, with limits of 1
 * and n and all three behaviours at the limit.
 */
export function step(state: UserState, { operation, part }: Step, knowledge: Knowledge): UserState[] {
  switch (part) {
    case "presenter":
      return presenterStep(state, operation, knowledge);
    case "directory":
      return directoryStep(state, operation.call);
    case "revokeBegins":
      return revokeBegins(state, operation, knowledge);
    case "revokeEnds":
      return revokeEnds(state, operation, knowledge);
    case "whole":
      return wholeStep(state, operation, knowledge);
  }
}

function wholeStep(state: UserState, operation: Operation, knowledge: Knowledge): UserState[] {
  const { call, answer } = operation;
  switch (call.call) {
    case "login":
      return loginStep(state, operation, call, knowledge);
    case "validate": {
      const session = knowledge.indexOf(call.session);
      return session === undefined ? [] : validateStep(state, operation, session, knowledge);
    }
    case "logout":
      return logoutStep(state, operation, call, knowledge);
    case "endOne":
    case "endOthers":
      return answer.answer === "dead" || answer.answer === "notFound"
        ? endNothing(state, operation, call, knowledge)
        : endOwn(state, operation, call, knowledge);
    case "adminLogout":
    case "disable":
    case "enable":
    case "changePassword":
      return [];
  }
}

function validateStep(
  state: UserState,
  operation: Operation,
  session: number,
  knowledge: Knowledge,
): UserState[] {
  const { answer } = operation;
  if (answer.answer === "live") return resolve(state, session, EXISTS);
  return answer.answer === "dead" ? seenDead(state, operation, session, answer.reason, knowledge) : [];
}

/**
 * What a 401 tells of a session: that it ended thus, or that a timeout passed by the clock of the function
 * that looked.
 */
function seenDead(
  state: UserState,
  operation: Operation,
  session: number,
  reason: Extract<Answer, { answer: "dead" }>["reason"],
  knowledge: Knowledge,
): UserState[] {
  switch (reason) {
    case "no_session":
      return [];
    case "expired":
      // The item is there, so nobody ended it: another function, whose clock is behind, may still call it
      // live and touch it.
      return knowledge.mayExpire(operation, session) ? resolve(state, session, EXISTS) : [];
    case "unknown":
      // TTL removes a session's item and its ending when the session would have expired anyway.
      return knowledge.mayBeForgotten(operation, session) && state.masks[session] !== 0
        ? [withMask(state, session, GONE)]
        : resolve(state, session, GONE);
    case "displaced":
    case "logged_out":
    case "revoked":
      return resolve(state, session, ending(reason));
  }
}

/** What an answer showed, of what was possible. */
function resolve(state: UserState, session: number, seen: Possible): UserState[] {
  const left = (state.masks[session] ?? 0) & seen;
  return left === 0 ? [] : [withMask(state, session, left)];
}

/**
 * 204 whatever the token was worth. A live one ends, and with `all` everything the user has, in one commit; a
 * dead one changes nothing, so that a logout which lost a race leaves the winner alone.
 */
function logoutStep(
  state: UserState,
  operation: Operation,
  call: Extract<Call, { call: "logout" }>,
  knowledge: Knowledge,
): UserState[] {
  const session = knowledge.indexOf(call.session);
  if (session === undefined) return [];
  const mask = state.masks[session] ?? 0;
  const ended = endOwn(state, operation, call, knowledge);
  // Taken for expired, it is worth nothing, and stays.
  const stays = knowledge.mayExpire(operation, session) ? mask : mask & DEAD;
  return stays === 0 ? ended : [withMask(state, session, stays), ...ended];
}

/** One commit that ends sessions of the caller's user, on the condition that the caller's own is live. */
function endOwn(
  state: UserState,
  operation: Operation,
  call: Extract<Call, { call: "logout" | "endOne" | "endOthers" }>,
  knowledge: Knowledge,
): UserState[] {
  const own = knowledge.indexOf(call.session);
  if (own === undefined || !canExist(state, own)) return [];
  const masks = [...state.masks];
  masks[own] = EXISTS;
  const isChosen = choice(call, own, knowledge);
  let surely = 0;
  let perhaps = 0;
  for (const [index, mask] of masks.entries()) {
    if ((mask & EXISTS) === 0) continue;
    const mayExpire = knowledge.mayExpire(operation, index);
    const drop = mayExpire ? knowledge.tracesOfDrop(operation) : 0;
    // A commit drops, without an ending, what its clock takes for expired; it may also leave it.
    if (!isChosen(index)) {
      masks[index] = mask | (index === own ? 0 : drop);
      continue;
    }
    perhaps++;
    if (mask === EXISTS && !mayExpire) surely++;
    const mayBeDropped = index !== own && !("target" in call);
    masks[index] = (mask & DEAD) | ending("logged_out") | (mayBeDropped ? drop : 0);
    if (index === own || "target" in call) masks[index] = ending("logged_out");
    else if (knowledge.mayBeUnlisted(operation, index)) masks[index] |= EXISTS;
  }
  if (call.call === "endOne" && perhaps === 0) return [];
  const count = operation.answer.answer === "done" ? operation.answer.count : undefined;
  if (call.call === "endOthers" && count !== undefined && (count < surely || count > perhaps)) return [];
  return [withMasks(state, masks)];
}

function choice(
  call: Extract<Call, { call: "logout" | "endOne" | "endOthers" }>,
  own: number,
  knowledge: Knowledge,
): (index: number) => boolean {
  switch (call.call) {
    case "logout":
      return (index) => call.all || index === own;
    case "endOthers":
      return (index) => index !== own;
    case "endOne": {
      const target = knowledge.indexOf(call.target);
      return (index) => index === target;
    }
  }
}

/** 401 or 404 of ending one's own: nothing was changed. */
function endNothing(
  state: UserState,
  operation: Operation,
  call: Extract<Call, { call: "endOne" | "endOthers" }>,
  knowledge: Knowledge,
): UserState[] {
  const { answer } = operation;
  const own = knowledge.indexOf(call.session);
  if (own === undefined) return [];
  if (answer.answer === "dead") {
    const seen = seenDead(state, operation, own, answer.reason, knowledge);
    // Taken for expired by what was read first, and then touched by somebody else: the last look finds it
    // live and cannot say why.
    const isQuirk = answer.reason === "unknown" && knowledge.mayExpire(operation, own);
    return seen.length === 0 && isQuirk ? [state] : seen;
  }
  if (call.call !== "endOne") return [];
  // The caller is looked at before the target is looked for: a bulk revoke may end the caller in between.
  if (!canExist(state, own) && !knowledge.mayHaveLivedDuring(operation, own)) return [];
  const target = knowledge.indexOf(call.target);
  if (target === undefined) return [state];
  const mask = state.masks[target] ?? 0;
  const stays = knowledge.mayExpire(operation, target) ? mask : mask & DEAD;
  return mask !== 0 && stays === 0 ? [] : [withMask(state, target, stays)];
}

/** A login of another user ends the session it presented, where that is live. */
function presenterStep(state: UserState, operation: Operation, knowledge: Knowledge): UserState[] {
  const { call } = operation;
  const session =
    call.call === "login" && call.presented !== undefined ? knowledge.indexOf(call.presented) : undefined;
  if (session === undefined || !canExist(state, session)) return [state];
  const mask = state.masks[session]!;
  const stays = knowledge.mayExpire(operation, session) ? mask : mask & DEAD;
  return [withMask(state, session, stays | ending("logged_out"))];
}

function directoryStep(state: UserState, call: Call): UserState[] {
  switch (call.call) {
    case "disable":
    case "enable":
      return [{ ...state, enabled: call.call === "enable" }];
    case "changePassword":
      return [{ ...state, credentials: call.credentials }];
    case "login":
    case "validate":
    case "logout":
    case "endOne":
    case "endOthers":
    case "adminLogout":
      return [];
  }
}
