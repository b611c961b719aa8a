import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import type { Tamper } from "./execution.ts";
import type { Item } from "./expression.ts";
import type { Operation } from "./call.ts";
import { sessionOf } from "./operation.ts";
import type { ModelledProduct } from "./product.ts";

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The user of every scenario's sign-ins. */
export const SIGN_IN_USER = "pool:ann";

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
  /** Sign-ins at a provider, and how many milliseconds before the start each was. */
  readonly signIns?: Readonly<Record<string, number>>;
  /** Operations that must not be told that their sign-in is too old. */
  readonly neverTooOld?: readonly string[];
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
  /** The sign-in that it is made of, where access tokens count. */
  readonly signIn?: string;
  /** It is found by its sign-in. */
  readonly bound?: true;
}

/** What is known of a scenario before anything happens. */
export interface Cast {
  readonly settings: SessionSettings;
  readonly sessions: readonly NamedSession[];
  readonly signIns: ReadonlyMap<string, SignIn>;
  readonly neverTooOld: readonly string[];
  /** The longest absolute timeout of any operation. */
  readonly longestTimeoutMs: number;
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
  const uses = operations.flatMap(({ call }) => (call.call === "use" ? [call] : []));
  const limits = new Map<string, number>();
  for (const { user, policy } of [...logins, ...uses])
    limits.set(user, Math.max(policy.limit, limits.get(user) ?? policy.limit));
  const signIns = new Map(
    Object.entries(scenario.signIns ?? {}).map(([name, agoMs]) => [name, signInOf(name, agoMs)]),
  );
  const eras = new Set([settings.era, ...operations.flatMap((operation) => operation.settings?.era ?? [])]);
  const bound = [...signIns].flatMap(([name, signIn]) =>
    [...eras].map((era) => ({
      name: era === settings.era ? name : `${name} in era ${era}`,
      user: signIn.userId,
      id: product.boundSessionId(era, signIn),
      signIn: name,
      bound: true as const,
    })),
  );
  const skews = operations.map(({ skewMs = 0 }) => skewMs);
  return {
    settings,
    sessions: [
      ...logins.map(({ name, user, signIn }) => ({
        name,
        user,
        id: sessionOf(product, name, settings.era),
        ...(signIn !== undefined && { signIn }),
      })),
      ...bound,
    ],
    signIns,
    neverTooOld: scenario.neverTooOld ?? [],
    longestTimeoutMs: Math.max(
      ...operations.map((operation) => ({ ...settings, ...operation.settings }).timeouts.absolute),
    ),
    limits,
    slowestMs: Math.min(0, ...skews),
    nothingExpires:
      (scenario.leapsMs ?? []).length === 0 &&
      skews.every((skew) => skew === 0) &&
      scenario.before.every(({ agoMs }) => agoMs < settings.timeouts.absolute),
    revokes: operations.some(({ call }) => call.call === "revoke" || call.call === "disable"),
  };
}

/** All sign-ins of a scenario are of one user of one source. */
const signInOf = (name: string, agoMs: number): SignIn => ({
  issuer: "https://issuer.example",
  userId: SIGN_IN_USER,
  sessionClaim: name,
  signedInAt: START - agoMs,
  identifiedBy: "claim",
});

/** Whose sessions an operation is about. */
export function userOf({ call }: Operation, cast: Cast): string {
  if ("user" in call) return call.user;
  return cast.sessions.find(({ name }) => name === call.session)!.user;
}
