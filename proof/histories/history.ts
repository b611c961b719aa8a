import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Timeouts } from "../../src/sessions/session.ts";

/** A session id (base64url), as answers give it: safe to print. */
export type SessionRef = string;

/** What a client asked for. Every call names the user whose sessions it is about. */
export type Call =
  | {
      readonly call: "login";
      readonly userId: string;
      readonly policy: Pick<SessionPolicy, "limit" | "atLimit">;
      readonly source: "trusted" | "passwords" | "oidc";
      /** The session whose token the request carried, whatever it was worth. It may be another user's. */
      readonly presented?: SessionRef;
      readonly takeover?: boolean;
      readonly end?: readonly SessionRef[];
      /** Source `passwords`: a name for the password that was given. */
      readonly credentials?: string;
      /** Source `oidc`: the token's id, which counts once. */
      readonly tokenId?: string;
    }
  /** `watch`: it records no activity. */
  | {
      readonly call: "validate";
      readonly session: SessionRef;
      readonly userId: string;
      readonly watch?: boolean;
    }
  | { readonly call: "logout"; readonly session: SessionRef; readonly userId: string; readonly all: boolean }
  | {
      readonly call: "endOne";
      readonly session: SessionRef;
      readonly target: SessionRef;
      readonly userId: string;
    }
  | { readonly call: "endOthers"; readonly session: SessionRef; readonly userId: string }
  /** One operation for each user of a request. */
  | { readonly call: "adminLogout"; readonly userId: string }
  | { readonly call: "disable" | "enable"; readonly userId: string }
  /** `credentials`: a name for the new password; no name is given twice in a history. */
  | { readonly call: "changePassword"; readonly userId: string; readonly credentials: string };

export type DeadReason = "expired" | "displaced" | "logged_out" | "revoked" | "unknown" | "no_session";

/**
 * What came back. Times are epoch milliseconds of the virtual clock of the instance that answered, hence
 * skewed.
 */
export type Answer =
  | {
      readonly answer: "loggedIn";
      readonly session: SessionRef;
      readonly displaced: readonly SessionRef[];
      readonly idleExpiresAt: number;
      readonly expiresAt: number;
    }
  /** 409 with the sessions it lists. */
  | { readonly answer: "limit"; readonly sessions: readonly SessionRef[] }
  /** 401 of a login: credentials, disabled, token used. */
  | { readonly answer: "refused" }
  | { readonly answer: "live"; readonly idleExpiresAt: number; readonly expiresAt: number }
  | { readonly answer: "dead"; readonly reason: DeadReason }
  | { readonly answer: "done"; readonly count?: number }
  /** 404 of `endOne`; of the directory's calls: there is no such user. */
  | { readonly answer: "notFound" }
  /** 503 with its code: nothing happened, or nobody knows. */
  | { readonly answer: "unavailable"; readonly effect: "none" | "unknown" }
  /** The caller never got an answer: the instance crashed, the connection went. */
  | { readonly answer: "lost" }
  /** Anything else, a 500 or an unexpected 4xx: always a violation. */
  | { readonly answer: "fault"; readonly status: number; readonly code: string };

/** One call and its answer. Times are unskewed virtual epoch milliseconds, fractions included. */
export interface Operation {
  readonly id: number;
  readonly client: string;
  readonly call: Call;
  readonly invokedAt: number;
  readonly answeredAt: number;
  /**
   * Until when it may still take effect: `answeredAt`, or later where its last database request was then
   * still under way.
   */
  readonly settledAt: number;
  /**
   * Of a touching `validate` answered live: until when its touch may still be carried out, where that is
   * after the answer.
   */
  readonly touchSettledAt?: number;
  readonly answer: Answer;
  /**
   * For a login whose outcome is unknown: the id it would have created, read from the put that passed the
   * proxy.
   */
  readonly newSession?: SessionRef;
}

/** What some clients did to some fresh users. */
export interface History {
  readonly seed: string;
  readonly users: readonly string[];
  /** No instance's clock is further than this from the true one, either way. */
  readonly skewMs: number;
  readonly timeouts: Timeouts;
  readonly logoutAllSessions: boolean;
  readonly operations: readonly Operation[];
  /** By user id: what the rosters listed after quiescence. */
  readonly finalRosters?: Readonly<Record<string, readonly SessionRef[]>>;
  /**
   * By user id: the name of the credentials a directory user starts with; nothing for users of other sources.
   */
  readonly credentials?: Readonly<Record<string, string>>;
}
