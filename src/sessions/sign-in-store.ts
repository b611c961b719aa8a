import type { SignInTooOld } from "./counts-from.ts";
import type { Ending } from "./ending.ts";
import type { LoginSignIn } from "./login-sign-in.ts";
import type { SessionPolicy } from "./policy.ts";
import type { Device, Session, User, SessionContention } from "./session.ts";
import type { Credential, OutsideWindow } from "./sign-in.ts";
import type { DisplacedSession, LogoutOutcome, ValidateOptions } from "./store.ts";
import type { SessionId } from "./token.ts";

/** What a verified access token says. All of it is verified before the store is asked anything. */
export interface SignInToken extends LoginSignIn {
  /**
   * The user as the token at hand has it; its id is the sign-in's `userId`. An answer's session carries this
   * user, not the one of its admission: a group that was taken away counts at the next refresh.
   */
  readonly user: User;
}

/** A call with a provider's token, which never admits. */
export interface ValidateSignInRequest extends SignInToken, ValidateOptions {}

/** A call with a provider's token, which may admit. */
export interface UseSignInRequest extends SignInToken, Pick<ValidateOptions, "from"> {
  /** The OIDC source's name. */
  readonly identitySource: string;
  readonly device: Device;
  /** Asked only when it comes to an admission; what it throws is thrown. */
  readonly policy: () => Promise<SessionPolicy>;
}

/** `POST /login {accessToken}`. */
export interface LogInBySignInRequest extends UseSignInRequest {
  /** The other session that the client holds, if any. It ends as logged out if the login makes a session. */
  readonly presented?: Credential;
  readonly takeover?: boolean;
  readonly end?: readonly SessionId[];
}

/** Why a sign-in has no live session. */
export type SignInRefusal =
  /** Its session's timeout has passed; or the sign-in's time to be admitted has, or has not come. */
  | OutsideWindow
  | { readonly outcome: "ended"; readonly ending: Ending }
  | SignInTooOld
  /** Spent, and nothing is left that says how its session ended; or this call was not to admit it. */
  | { readonly outcome: "unknown" };

export type { SignInTooOld } from "./counts-from.ts";
export type { LoginSignIn, LoginSignInRefusal } from "./login-sign-in.ts";

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
