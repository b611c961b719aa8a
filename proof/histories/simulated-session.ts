import type { Dice, Policy } from "./simulated-dice.ts";
import type { Answer, Call, DeadReason, SessionRef } from "./history.ts";

export const IDLE = 60_000;
export const ABSOLUTE = 200_000;

/** A session of the simulated system, and how it ended. */
export interface Simulated {
  readonly id: SessionRef;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  lastSeenAt: number;
  idleExpiresAt: number;
  dead?: DeadReason;
}

export const isLive = (session: Simulated, clock: number): boolean =>
  session.dead === undefined && clock < session.idleExpiresAt && clock < session.expiresAt;

/** The answer of a validation, which records the activity where `touches` says so. */
export function look(session: Simulated, clock: number, touches: boolean): Answer {
  if (session.dead !== undefined) return { answer: "dead", reason: session.dead };
  if (!isLive(session, clock)) return { answer: "dead", reason: "expired" };
  if (touches && clock - session.lastSeenAt > IDLE / 10) {
    session.lastSeenAt = clock;
    session.idleExpiresAt = Math.min(clock + IDLE, session.expiresAt);
  }
  return { answer: "live", idleExpiresAt: session.idleExpiresAt, expiresAt: session.expiresAt };
}

/**
 * The sessions that a login ends at the limit: those it names, and the least recently seen.
 * @returns `undefined` where the policy refuses the login.
 */
export function displacedBy(
  { limit, atLimit }: Policy,
  others: readonly Simulated[],
  end: readonly SessionRef[],
  takeover: boolean,
): Simulated[] | undefined {
  const chosen = atLimit === "deny" ? [] : others.filter(({ id }) => end.includes(id));
  const rest = others
    .filter((other) => !chosen.includes(other))
    .toSorted((a, b) => a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt);
  const excess = Math.max(0, rest.length + 1 - limit);
  const mayDisplace = atLimit === "displace" || (atLimit === "ask" && takeover);
  return excess > 0 && !mayDisplace ? undefined : [...chosen, ...rest.slice(0, excess)];
}

export const DONE: Answer = { answer: "done" };

/** What a client is told of an operation that would have answered so. */
export function toldBy(fate: Dice["fate"], answer: Answer): Answer {
  if (fate === "none") return { answer: "unavailable", effect: "none" };
  return fate === "answered" ? answer : { answer: "lost" };
}

/** The call by which a user ends sessions of their own. */
export function endingCall(
  { kind, user: userId }: Dice,
  { id: session }: Simulated,
  target: Simulated,
  all: boolean,
): Extract<Call, { call: "logout" | "endOne" | "endOthers" }> {
  if (kind === "logout") return { call: "logout", session, userId, all };
  return kind === "endOne"
    ? { call: "endOne", session, target: target.id, userId }
    : { call: "endOthers", session, userId };
}
