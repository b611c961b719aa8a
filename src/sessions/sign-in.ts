import { createHash } from "node:crypto";
import type { Timeouts } from "./session.ts";
import type { SessionId, SessionToken } from "./token.ts";

/**
 * A sign-in: one authentication of one user at an identity provider. It stays the same when the provider
 * refreshes the token. It makes one session ever, of either kind (I7).
 */
export interface SignIn {
  /** One spelling for each provider: where tokens may have several (`iss`), always the source's first. */
  readonly issuer: string;
  /** The user id here: `<source name>:<subject>`. Two users or sources may share a session claim. */
  readonly userId: string;
  /** The value of the claim that names the sign-in: Cognito's `origin_jti`, elsewhere `sid`. */
  readonly sessionClaim: string;
  /** `auth_time`, in epoch milliseconds. */
  readonly signedInAt: number;
  /**
   * `claim+auth_time`: for providers whose session claim survives a re-authentication, and whose refreshed
   * tokens keep `auth_time`. With any other provider it would let a displaced device back in.
   */
  readonly identifiedBy: "claim" | "claim+auth_time";
}

/** Nothing of a sign-in is admitted later than this after it, whatever the absolute timeout. */
export const LONGEST_WINDOW_MS = 30 * 24 * 60 * 60_000;
/**
 * How long marks and times of sign-ins are kept. It is no setting: a mark that went with a short timeout
 * would be missed when the timeout is made longer.
 */
export const SIGN_INS_KEPT_MS = LONGEST_WINDOW_MS + 60 * 60_000;
/** How far a provider's clock may be ahead of ours. A sign-in of the future could not be displaced. */
export const SIGN_IN_LEEWAY_MS = 30_000;

/** The key of the mark that says that a sign-in is spent. It holds no era: the mark outlives them. */
export const signInKey = (signIn: SignIn): string => digest(identityOf(signIn));

/** The id of the session that a sign-in has in an era: the client's token is the provider's, not ours. */
export const boundSessionId = (era: string, signIn: SignIn): SessionId =>
  digest(["bound", era, ...identityOf(signIn)]) as SessionId;

/** When a sign-in is not admitted any more, and when its bound session expires (epoch milliseconds). */
export const windowEnd = ({ signedInAt }: Pick<SignIn, "signedInAt">, { absolute }: Timeouts): number =>
  signedInAt + Math.min(absolute, LONGEST_WINDOW_MS);

/** The time of a sign-in to be admitted, where it has passed or has not come. */
export interface OutsideWindow {
  readonly outcome: "expired";
  /** Epoch milliseconds. */
  readonly expiredAt: number;
}

/**
 * Whether a sign-in cannot be admitted now, whatever else there is.
 * @param admitFrom epoch milliseconds; what was spent before it may not have been marked.
 */
export function outsideWindow(
  signIn: SignIn,
  admitFrom: number | undefined,
  timeouts: Timeouts,
  now: number,
): OutsideWindow | undefined {
  const end = windowEnd(signIn, timeouts);
  if (now >= end) return { outcome: "expired", expiredAt: end };
  if (signIn.signedInAt < (admitFrom ?? 0)) return { outcome: "expired", expiredAt: admitFrom ?? 0 };
  return signIn.signedInAt > now + SIGN_IN_LEEWAY_MS ? { outcome: "expired", expiredAt: now } : undefined;
}

/** What a client shows of its session: our token, or a sign-in at a provider, verified. */
export type Credential = SessionToken | SignIn;

/** The id of the session that a credential is for. */
export const sessionIdOf = (credential: Credential, era: string): SessionId =>
  "sessionClaim" in credential ? boundSessionId(era, credential) : credential.sessionId(era);

/** As a JSON array: no value of one part can be taken for another part. */
function identityOf({ issuer, userId, sessionClaim, signedInAt, identifiedBy }: SignIn): unknown[] {
  const identity = ["sign-in", issuer, userId, sessionClaim];
  return identifiedBy === "claim" ? identity : [...identity, signedInAt / 1000];
}

const digest = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
