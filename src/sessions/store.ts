import type { CommitCheck } from "./commit.ts";
import type { Ending } from "./ending.ts";
import type { SeenPlace } from "./places.ts";
import type { SessionPolicy } from "./policy.ts";
import type { Device, Place, Session, User, SessionContention } from "./session.ts";
import type { Credential } from "./sign-in.ts";
import type { LoginSignIn, LoginSignInRefusal } from "./login-sign-in.ts";
import type { SessionId, SessionToken } from "./token.ts";

/** A login whose user the identity source has already vouched for. */
export interface LoginRequest {
  readonly user: User;
  readonly identitySource: string;
  readonly device: Device;
  /** From where the client signs in, as far as its request says. */
  readonly place?: Place | undefined;
  readonly policy: SessionPolicy;
  /**
   * What the client already held, if anything: its session ends as logged out (ASVS 7.2.4), and does not
   * count.
   */
  readonly presented?: Credential;
  /** What must still hold in the instant of the login (invariant I5). */
  readonly checks?: readonly CommitCheck[];
  /** For the policy `ask`: at the limit, displace the least recently seen after all. */
  readonly takeover?: boolean;
  /** Unless the policy is `deny`: sessions of the user that the person chose to end, as displaced. */
  readonly end?: readonly SessionId[];
  /** When the user signed in at the provider, where it says so (`auth_time`, epoch milliseconds). */
  readonly signedInAt?: number;
  /** On a source with `accessTokens`: what the session is made of. `signedInAt` is then this one's. */
  readonly signIn?: LoginSignIn;
}

/** A session that a login displaced, as its roster entry told of it. */
export interface DisplacedSession {
  readonly id: SessionId;
  readonly createdAt: number;
  readonly device: Pick<Device, "label" | "class">;
}

export type LoginOutcome =
  | {
      readonly outcome: "logged-in";
      readonly token: SessionToken;
      readonly session: Session;
      readonly displaced: readonly DisplacedSession[];
      /** Two devices keep displacing each other; said once a window for each two. */
      readonly contention?: SessionContention;
    }
  /**
   * The policy refuses one more session; nothing was changed. The live sessions are for somebody with right
   * credentials only.
   */
  | { readonly outcome: "session-limit"; readonly sessions: readonly Session[] }
  /** A check of the request did not hold; nothing was changed. */
  | { readonly outcome: "check-failed"; readonly check: string }
  | LoginSignInRefusal;

/** How a session is validated. */
export interface ValidateOptions {
  /** False: records no activity. */
  readonly touch?: boolean;
  /** From where the request comes, as far as it says; asked only where it can matter. */
  readonly from?: (() => SeenPlace | undefined) | undefined;
}

export type Validation =
  | { readonly outcome: "live"; readonly session: Session }
  | { readonly outcome: "expired"; readonly session: Session }
  | { readonly outcome: "ended"; readonly ending: Ending }
  /** No trace: never a session, of another era, or ended so long ago that nothing is left of it. */
  | { readonly outcome: "unknown" };

/** What ending one's own sessions did. `not-live`: the token was worth nothing, and nothing was changed. */
export type LogoutOutcome =
  | { readonly outcome: "ended"; readonly userId: string; readonly sessionIds: readonly SessionId[] }
  | { readonly outcome: "not-live" };

export type EndOneOutcome = LogoutOutcome | { readonly outcome: "not-found" };

export interface RevokeRequest {
  readonly userIds: readonly string[];
  /** Who ends them: an administrator's user id, or a name for the rule or operator. */
  readonly revokedBy: string;
  /**
   * Whether to leave a user alone, given the user's live sessions. Called once a user that has sessions
   * listed.
   */
  readonly spare?: (userId: string, liveSessions: readonly Session[]) => boolean;
  /**
   * Waits for logins that are just being committed, and ends their sessions too: for a rule whose change of
   * the directory came first, and which must leave nothing of before (I5). Reads one user after the other, by
   * transactions.
   */
  readonly waitForLogins?: true;
  /** Epoch milliseconds after which no more is begun; what is left is `unfinished`. */
  readonly deadline?: number;
  /**
   * Whose sign-ins from before are not admitted any more, on sources with `accessTokens`: everybody's unless
   * given. `others`: those of users who are not administrators by their token, for a revoke that leaves
   * administrators alone.
   */
  readonly signsOut?: "everybody" | "others";
  /** Reads only, and answers what it would have done: whose sessions are live, and how many. */
  readonly dryRun?: boolean;
}

/** An administrators' logout of one session. */
export interface RevokeOneRequest {
  readonly sessionId: SessionId;
  /** Who ends it: an administrator's user id. */
  readonly revokedBy: string;
  /** Whether to leave the session alone, once it was found live. */
  readonly spare: (session: Session) => Promise<boolean>;
  /** Changes nothing; the outcome says what would be done. */
  readonly dryRun?: boolean;
}

export type RevokeOneOutcome =
  | { readonly outcome: "ended" | "spared"; readonly userId: string }
  /** Of a dry run. */
  | { readonly outcome: "would-end"; readonly session: Session }
  /** No live session has this id. */
  | { readonly outcome: "not-found" };

/** Each user id of the request is in exactly one of the three lists; duplicates count once. */
export interface RevokeResult {
  readonly loggedOut: readonly { readonly userId: string; readonly sessionCount: number }[];
  readonly spared: readonly string[];
  readonly unfinished: readonly string[];
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** As an earlier page gave it. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. A page may be short, or empty, and still have one. */
  readonly cursor?: string;
}

/**
 * The sessions of all users. Every method throws {@link StoreUnavailableError} when DynamoDB could not be
 * asked or did not answer: nothing here ever takes silence for a yes or a no.
 */
export interface SessionStore {
  /**
   * Starts a session, ending what the policy says (I4). When it has answered, nothing it displaced validates
   * again.
   */
  login(request: LoginRequest): Promise<LoginOutcome>;
  /**
   * Whether a token's session is live, and why not. Records activity at intervals unless `touch` is false.
   */
  validate(token: SessionToken, options?: ValidateOptions): Promise<Validation>;
  /**
   * Ends the token's session, and with `logoutAllSessions` all of its user's. A dead token ends nothing (I5).
   */
  logout(token: Credential): Promise<LogoutOutcome>;
  /** Ends one session of the token's own user. `not-found`: not a live session of that user. */
  endOne(token: Credential, sessionId: SessionId): Promise<EndOneOutcome>;
  /** Ends all sessions of the token's user but the token's own. */
  endOthers(token: Credential): Promise<LogoutOutcome>;
  /** The administrators' logout: ends all sessions of many users (I5). */
  revoke(request: RevokeRequest): Promise<RevokeResult>;
  /** The same for one session, of any user. */
  revokeOne(request: RevokeOneRequest): Promise<RevokeOneOutcome>;
  /**
   * A user's live sessions, newest first. A session made a moment ago may be missing: ids come from an index.
   */
  listUser(userId: string, page: PageRequest): Promise<Page<Session>>;
  /** Everybody's live sessions, in no order. A session made a moment ago may be missing. */
  listAll(page: PageRequest): Promise<Page<Session>>;
  /** How a user's sessions ended, newest first. */
  listEndings(userId: string, page: PageRequest): Promise<Page<Ending>>;
}
