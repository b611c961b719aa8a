import type { EndReason } from "./ending.ts";
import type { CountsFrom, Roster } from "./roster.ts";
import { mayDisplace, type SessionPolicy } from "./policy.ts";
import type { Session, User } from "./session.ts";
import type { SignIn } from "./sign-in.ts";

/**
 * From when a user's sign-ins count (I8). It stands in two places: on the roster, where commits move it at no
 * cost, and in an item of the sign-in table, for administrators' logouts, which write no roster.
 */

/** A sign-in from before the user's last sign-out (I8): only a new one helps (`prompt=login`). */
export interface SignInTooOld {
  readonly outcome: "too-old";
  /** What moved the time from which sign-ins count. */
  readonly reason: EndReason;
  /** From when sign-ins of the user count, in epoch milliseconds; it may be some seconds ahead. */
  readonly countsFrom: number;
  /** The label of the device that displaced or logged out. For `revoked`: the administrator or rule. */
  readonly by: string;
}

/** The item of the sign-in table. Times are epoch milliseconds. */
export interface SignOut {
  readonly everybodyFrom?: number;
  /** For those who are not administrators by the token at hand. */
  readonly othersFrom?: number;
  /** Who moved one of them last. */
  readonly by: string;
}

/** `auth_time` counts seconds, rounded down: in the second of a sign-out no sign-in is known to be later. */
export const nextFullSecond = (now: number): number => (Math.floor(now / 1000) + 1) * 1000;

/** The later of two. Times are only ever raised. */
export function laterOf(one: CountsFrom | undefined, other: CountsFrom | undefined): CountsFrom | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at > one.at ? other : one;
}

/** What a logout of all leaves, or an ending of all others. */
export const countsFromLogout = (own: Session, now: number): CountsFrom => ({
  at: nextFullSecond(now),
  reason: "logged_out",
  by: own.device.label,
});

/**
 * What a login or an admission leaves under a limit of one that may displace: the time of its own sign-in, so
 * that the newest one is never shut out. Under `deny` nothing was displaced, and nothing may say so.
 */
export function countsFromLogin(
  session: Session,
  policy: SessionPolicy,
  takeover: boolean,
): CountsFrom | undefined {
  if (policy.limit !== 1 || !mayDisplace(policy, takeover)) return undefined;
  return { at: signedInAtOf(session), reason: "displaced", by: session.device.label };
}

/** Two clocks: the doubt favours the newcomer. */
const CLOCK_DOUBT_MS = 5000;

/** When a session's user signed in: `auth_time` where a provider gave it, else a little before its login. */
export const signedInAtOf = ({
  signedInAt,
  createdAt,
}: {
  readonly signedInAt?: number;
  readonly createdAt: number;
}): number => signedInAt ?? createdAt - CLOCK_DOUBT_MS;

/** Whether a sign-in is too old for the roster's time. */
export function tooOldByRoster(
  { countsFrom }: Pick<Roster, "countsFrom">,
  { signedInAt }: Pick<SignIn, "signedInAt">,
): SignInTooOld | undefined {
  if (countsFrom === undefined || countsFrom.at <= signedInAt) return undefined;
  return { outcome: "too-old", reason: countsFrom.reason, countsFrom: countsFrom.at, by: countsFrom.by };
}

/** Whether a sign-in is too old for what an administrators' logout wrote. */
export function tooOldBySignOut(
  signOut: SignOut | undefined,
  { signedInAt }: Pick<SignIn, "signedInAt">,
  { isAdmin }: Pick<User, "isAdmin">,
): SignInTooOld | undefined {
  if (signOut === undefined) return undefined;
  const { everybodyFrom = 0, othersFrom = 0, by } = signOut;
  const countsFrom = isAdmin ? everybodyFrom : Math.max(everybodyFrom, othersFrom);
  if (countsFrom <= signedInAt) return undefined;
  return { outcome: "too-old", reason: "revoked", countsFrom, by };
}
