import type { Answer, Call, History, Operation, SessionRef } from "./history.ts";

/**
 * Histories written by hand, for the checker's own tests. Times are plain numbers from 0; timeouts are far
 * away unless given.
 */

const IDLE = 1_000_000;
const ABSOLUTE = 10_000_000;

type Asked = Omit<Operation, "id" | "client" | "invokedAt" | "answeredAt" | "settledAt">;
type Loose<T> = T extends unknown ? Partial<T> : never;

interface LoginOptions {
  readonly userId?: string;
  readonly limit?: number;
  readonly atLimit?: "displace" | "deny" | "ask";
  readonly displaced?: readonly SessionRef[];
  readonly idleExpiresAt?: number;
  readonly expiresAt?: number;
  readonly call?: Loose<Extract<Call, { call: "login" }>>;
}

export function askLogin(answer: Answer, options: LoginOptions = {}, newSession?: SessionRef): Asked {
  const { userId = "alice", limit = 1, atLimit = "displace", call } = options;
  return {
    call: { call: "login", userId, policy: { limit, atLimit }, source: "trusted", ...call },
    answer,
    ...(newSession !== undefined && { newSession }),
  };
}

export function login(session: SessionRef, options: LoginOptions = {}): Asked {
  const { displaced = [], idleExpiresAt = NaN, expiresAt = NaN } = options;
  return askLogin({ answer: "loggedIn", session, displaced, idleExpiresAt, expiresAt }, options);
}

export const lostLogin = (session: SessionRef, options: LoginOptions = {}): Asked =>
  askLogin({ answer: "lost" }, options, session);

export const validate = (session: SessionRef, answer: Answer, userId = "alice"): Asked => ({
  call: { call: "validate", session, userId, watch: true },
  answer,
});

export const live = (session: SessionRef, idleExpiresAt = NaN, expiresAt = NaN): Asked =>
  validate(session, { answer: "live", idleExpiresAt, expiresAt });

export const dead = (session: SessionRef, reason: Extract<Answer, { answer: "dead" }>["reason"]): Asked =>
  validate(session, { answer: "dead", reason });

export const DONE: Answer = { answer: "done" };

export const logout = (session: SessionRef, all = true, answer: Answer = DONE): Asked => ({
  call: { call: "logout", session, userId: "alice", all },
  answer,
});

export const endOne = (session: SessionRef, target: SessionRef, answer: Answer = DONE): Asked => ({
  call: { call: "endOne", session, target, userId: "alice" },
  answer,
});

export const endOthers = (session: SessionRef, answer: Answer = DONE): Asked => ({
  call: { call: "endOthers", session, userId: "alice" },
  answer,
});

export const adminLogout = (answer: Answer = DONE): Asked => ({
  call: { call: "adminLogout", userId: "alice" },
  answer,
});

export const directory = (
  call: "disable" | "enable" | { readonly password: string },
  answer: Answer = DONE,
): Asked => ({
  call:
    typeof call === "string"
      ? { call, userId: "alice" }
      : { call: "changePassword", userId: "alice", credentials: call.password },
  answer,
});

/** Called and answered when; `settledAt` where it may take effect later. */
export type Timed = readonly [invokedAt: number, answeredAt: number, asked: Asked, settledAt?: number];

export function historyOf(timed: readonly Timed[], more: Partial<History> = {}): History {
  return {
    seed: "hand-made",
    users: ["alice", "bob"],
    skewMs: 0,
    timeouts: { idle: IDLE, absolute: ABSOLUTE },
    logoutAllSessions: true,
    credentials: { alice: "first" },
    operations: timed.map(([invokedAt, answeredAt, asked, settledAt = answeredAt], index) => ({
      ...asked,
      id: index,
      client: `c${index % 4}`,
      invokedAt,
      answeredAt,
      settledAt,
      answer: withExpiry(asked.answer, invokedAt),
    })),
    ...more,
  };
}

function withExpiry(answer: Answer, at: number): Answer {
  if (answer.answer !== "loggedIn" && answer.answer !== "live") return answer;
  const { idleExpiresAt, expiresAt } = answer;
  return {
    ...answer,
    idleExpiresAt: Number.isNaN(idleExpiresAt) ? at + IDLE : idleExpiresAt,
    expiresAt: Number.isNaN(expiresAt) ? at + ABSOLUTE : expiresAt,
  };
}

/** A history and what it is an example of. */
export interface Case {
  readonly name: string;
  readonly timed: readonly Timed[];
  readonly more?: Partial<History>;
}

/** One that breaks a promise, and the invariant that it is about. */
export interface IllegalCase extends Case {
  readonly invariant: string;
}

export const pair = { limit: 2 } as const;
export const deny = { limit: 1, atLimit: "deny" } as const;
export const ask = { limit: 2, atLimit: "ask" } as const;
export const byPassword = (credentials: string) => ({ call: { source: "passwords", credentials } }) as const;
export const byToken = (tokenId: string) => ({ limit: 3, call: { source: "oidc", tokenId } }) as const;
export const REFUSED = askLogin({ answer: "refused" }, byPassword("first"));
export const LOST = { answer: "lost" } as const;
export const NOTHING = { answer: "unavailable", effect: "none" } as const;
export const UNKNOWN = { answer: "unavailable", effect: "unknown" } as const;
export const limitOf = (...sessions: string[]) => ({ answer: "limit", sessions }) as const;
