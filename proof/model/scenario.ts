import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import type { Tamper } from "./execution.ts";
import type { Item } from "./expression.ts";
import { sessionOf, type Operation } from "./operation.ts";
import type { ModelledProduct } from "./product.ts";

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The real time at which the operations begin. */
export const START = Date.UTC(2030, 0, 1);

export const SETTINGS: SessionSettings = {
  era: "1",
  timeouts: { idle: 30 * MINUTE_MS, absolute: 12 * HOUR_MS },
  logoutAllSessions: true,
};

/** Some operations at once, and what may go wrong meanwhile. */
export interface Scenario {
  readonly name: string;
  /** What happened before, one after the other, each so many milliseconds before the start. */
  readonly before: readonly { readonly agoMs: number; readonly operation: Operation }[];
  readonly atOnce: readonly Operation[];
  readonly settings?: Partial<SessionSettings>;
  /** Users of the password directory. */
  readonly directory?: readonly Item[];
  /** How many requests or answers may be lost, operations crash, or patience end; 0 unless given. */
  readonly faults?: number;
  /**
   * Leaps of the real time, in this order, each at any moment: then items may expire and TTL may remove them.
   */
  readonly leapsMs?: readonly number[];
  /** Heavy: explored in long runs only. */
  readonly deep?: true;
  readonly tamper?: Tamper;
}

/** A session of a scenario: the login that gives it, and whose it is. */
export interface NamedSession {
  readonly name: string;
  readonly id: SessionId;
  readonly user: string;
}

/** What is known of a scenario before anything happens. */
export interface Cast {
  readonly settings: SessionSettings;
  readonly sessions: readonly NamedSession[];
  /** The highest limit that any login of a user has. */
  readonly limits: ReadonlyMap<string, number>;
  /** By how much the slowest clock is behind the real time (0 or less). */
  readonly slowestMs: number;
  /** Whether every session stays unexpired by every clock, whatever happens. */
  readonly nothingExpires: boolean;
  /**
   * Whether sessions are revoked: the bulk path may end one that was just appearing without a word of why.
   */
  readonly revokes: boolean;
}

export function castOf(product: ModelledProduct, scenario: Scenario): Cast {
  const settings = { ...SETTINGS, ...scenario.settings };
  const operations = [...scenario.before.map(({ operation }) => operation), ...scenario.atOnce];
  const logins = operations.flatMap(({ name, call }) => (call.call === "login" ? [{ name, ...call }] : []));
  const limits = new Map<string, number>();
  for (const { user, policy } of logins)
    limits.set(user, Math.max(policy.limit, limits.get(user) ?? policy.limit));
  const skews = operations.map(({ skewMs = 0 }) => skewMs);
  return {
    settings,
    sessions: logins.map(({ name, user }) => ({ name, user, id: sessionOf(product, name, settings.era) })),
    limits,
    slowestMs: Math.min(0, ...skews),
    nothingExpires: (scenario.leapsMs ?? []).length === 0 && skews.every((skew) => skew === 0),
    revokes: operations.some(({ call }) => call.call === "revoke" || call.call === "disable"),
  };
}

/** Whose sessions an operation is about. */
export function userOf({ call }: Operation, cast: Cast): string {
  if ("user" in call) return call.user;
  return cast.sessions.find(({ name }) => name === call.session)!.user;
}
