import type { SessionEnded } from "../../../client/watch-session.ts";
import type { ApiAnswer } from "../api/call.ts";
import type { SignedIn } from "../../../src/api/get-session.ts";
import type { PasswordLogin } from "../../../src/api/login.ts";
import type { logIn } from "../api/calls.ts";

/** Whether somebody is signed in on this page. */
export type SessionState =
  | { readonly status: "asking" }
  /** The API does not say. */
  | { readonly status: "unsure"; readonly failure: Exclude<ApiAnswer<unknown>, { outcome: "ok" }> }
  /**
   * `ended`: why not any more, where the browser still had a session's token. `again`: who was signed in, for
   * whoever comes from the notice of an ended session to sign in again. It is kept nowhere else, since the
   * next person at this computer may be another.
   */
  | { readonly status: "signed-out"; readonly ended?: SessionEnded; readonly again?: string }
  /** `ended`: the session has ended since; the page stays as it is below the notice. */
  | (SignedIn & { readonly status: "signed-in"; readonly ended?: SessionEnded });

/** The session of this page and what can be done with it. */
export interface SessionAccess {
  readonly state: SessionState;
  /** Asks again who is signed in. */
  readonly askAgain: () => void;
  /** Signs in, also over a session that there is: a login always gives a new one. */
  readonly logIn: (login: PasswordLogin) => ReturnType<typeof logIn>;
  readonly logOut: () => Promise<ApiAnswer<undefined>>;
  /** For whoever was refused as not signed in: finds out whether the session has ended, and why. */
  readonly check: () => void;
  /** Leaves the page of an ended session for the sign-in. */
  readonly leave: () => void;
}
