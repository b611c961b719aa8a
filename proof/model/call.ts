import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SeenPlace } from "../../src/sessions/places.ts";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Place } from "../../src/sessions/session.ts";
import type { SessionId } from "../../src/sessions/token.ts";

/**
 * What an operation is called with. A session is called by the name of the login that gives it, or of the
 * sign-in that it is bound to.
 */
export type Call =
  | {
      readonly call: "login";
      readonly user: string;
      readonly policy: SessionPolicy;
      readonly place?: Place;
      readonly presented?: string;
      readonly takeover?: true;
      /** Signs in by password through the directory, instead of being trusted. */
      readonly password?: string;
      /** Signs in by a token that may sign in once. */
      readonly tokenId?: string;
      /** Signs in by the id token of a sign-in whose access tokens count. */
      readonly signIn?: string;
    }
  /** A call with the access token of a sign-in. */
  | { readonly call: "use"; readonly user: string; readonly signIn: string; readonly policy: SessionPolicy }
  | { readonly call: "logoutSignIn"; readonly user: string; readonly signIn: string }
  | {
      readonly call: "validate";
      readonly session: string;
      readonly touch: boolean;
      readonly from?: SeenPlace;
    }
  | { readonly call: "logout"; readonly session: string }
  | { readonly call: "endOne"; readonly session: string; readonly target: string }
  | { readonly call: "endOthers"; readonly session: string }
  | { readonly call: "revoke"; readonly user: string }
  /** An administrator ends one session. */
  | { readonly call: "revokeOne"; readonly user: string; readonly target: string }
  | { readonly call: "disable"; readonly user: string };

export interface Operation {
  readonly name: string;
  readonly call: Call;
  /** How far its clock is from the real time, in milliseconds. */
  readonly skewMs?: number;
  /** Where its function has other settings than the scenario's. */
  readonly settings?: Partial<SessionSettings>;
}

/** What an operation answered. */
export type Result =
  | { readonly result: "logged-in"; readonly session: SessionId; readonly displaced: readonly SessionId[] }
  | {
      readonly result: "used";
      readonly session: SessionId;
      readonly admitted: boolean;
      readonly displaced: readonly SessionId[];
    }
  /** A sign-in was spent without a session. */
  | { readonly result: "spent" }
  | { readonly result: "ended"; readonly sessions: readonly SessionId[] }
  /** Refused, or nothing to do: it must have changed nothing. */
  | { readonly result: "nothing-done"; readonly why: string }
  | { readonly result: "revoked" | "unfinished" | "disabled" }
  | { readonly result: "validated"; readonly as: string }
  | { readonly result: "unavailable"; readonly effect: "none" | "unknown" }
  | { readonly result: "fault"; readonly message: string };
