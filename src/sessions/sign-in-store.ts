import type { SessionContention } from "./account-sharing.ts";
import type { Ending, EndReason } from "./ending.ts";
import type { SessionPolicy } from "./policy.ts";
import type { Device, Session, User } from "./session.ts";
import type { SignIn } from "./sign-in.ts";
import type { DisplacedSession, LogoutOutcome } from "./store.ts";
import type { SessionId, SessionToken } from "./token.ts";

/** What a verified access token says. All of it is verified before the store is asked anything. */
export interface SignInToken {
  readonly signIn: SignIn;
  /**
   * The user as the token at hand has it; its id is the sign-in's `userId`. An answer's session carries this
   * user, not the one of its admission: a group that was taken away counts at the next refresh.
   */
  readonly user: User;
  /** The source's `admitFrom`, in epoch milliseconds: a sign-in from before it is not admitted. */
  readonly admitFrom?: number | undefined;
}

/** A call with a provider's token, which never admits. */
export interface ValidateSignInRequest extends SignInToken {
  /** False: records no activity (`?watch=1`). */
  readonly touch?: boolean;
}

/** A call with a provider's token, which may admit. */
export interface UseSignInRequest extends SignInToken {
  /** The OIDC source's name. */
  readonly identitySource: string;
  readonly device: Device;
  /** Asked only when it comes to an admission; what it throws is thrown. */
  readonly policy: () => Promise<SessionPolicy>;
}

/** `POST /login {accessToken}`. */
export interface LogInBySignInRequest extends UseSignInRequest {
  /** The other session that the client holds, if any. It ends as logged out if the login makes a session. */
  readonly presented?: SessionToken | SignIn;
  readonly takeover?: boolean;
  readonly end?: readonly SessionId[];
}

/** Why a sign-in has no live session. */
export type SignInRefusal =
  /** Its session's timeout, or its time to be admitted, has passed (or has not come). */
  | { readonly outcome: "expired"; readonly expiredAt: number }
  | { readonly outcome: "ended"; readonly ending: Ending }
  | SignInTooOld
  /** Spent, and nothing is left that says how its session ended; or this call was not to admit it. */
  | { readonly outcome: "unknown" };

/** A sign-in from before the user's last sign-out (I8): only a new one helps (`prompt=login`). */
export interface SignInTooOld {
  readonly outcome: "too-old";
  /** What moved the time from which sign-ins count. */
  readonly reason: EndReason;
  /** From when sign-ins of the user count, in epoch milliseconds; it may be some seconds ahead. */
  readonly countsFrom: number;
  /** For `displaced`: the label of the device that did it. For `revoked`: the administrator or rule. */
  readonly by: string;
}

export type SignInValidation = { readonly outcome: "live"; readonly session: Session } | SignInRefusal;

export type SignInUse =
  | {
      readonly outcome: "live";
      readonly session: Session;
      /** This call made the session; otherwise `displaced` is empty. */
      readonly admitted: boolean;
      readonly displaced: readonly DisplacedSession[];
      readonly contention?: SessionContention;
    }
  | SignInRefusal
  /** The policy refuses one more session; nothing was written. */
  | { readonly outcome: "session-limit"; readonly sessions: readonly Session[] };

/**
 * What a login by id token or by code passes as `LoginRequest.signIn` on a source with `accessTokens`. Its
 * commit marks the sign-in as spent and checks the user's times, like an admission (I7, I8). A token without
 * the session claim is refused before.
 */
export type LoginSignIn = Pick<SignInToken, "signIn" | "admitFrom">;

/** What such a login may be refused for beside a login's own outcomes; nothing was changed. */
export type LoginSignInRefusal =
  | SignInTooOld
  /** Outside the sign-in's time to be admitted. */
  | { readonly outcome: "expired"; readonly expiredAt: number }
  /** A session was made of this sign-in before, of either kind, or it was logged out. */
  | { readonly outcome: "sign-in-spent" };

/** What the logout of a sign-in did. */
export type SignInLogoutOutcome =
  | LogoutOutcome
  /** There was no session yet, and there will be none: the sign-in is spent. */
  | { readonly outcome: "spent" };

/**
 * Sessions bound to sign-ins at a provider. Every method throws StoreUnavailableError as those of the store
 * do. Each is safe to repeat after it.
 */
export interface SignInStore {
  /**
   * Whether the sign-in has a live session. One `GetItem` for a live one that is older than a minute or was
   * seen whole by this instance. It creates nothing: for the guard, `?watch=1` and sources with `admit:
   * "login"`.
   */
  validateSignIn(request: ValidateSignInRequest): Promise<SignInValidation>;
  /** The same, and a sign-in that has no session yet and may have one is admitted (I4, I7, I8). */
  useSignIn(request: UseSignInRequest): Promise<SignInUse>;
  /** The same with the choices of a login, in two trips. A session that is live already is the answer. */
  logInBySignIn(request: LogInBySignInRequest): Promise<SignInUse>;
  /**
   * Logs out as any logout. Without a session the sign-in is spent, so that it is never admitted after the
   * answer.
   * @param token its expiry (`exp`) is not to be asked: an expired token may log out.
   */
  logOutSignIn(token: SignInToken): Promise<SignInLogoutOutcome>;
}
