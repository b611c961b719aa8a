import type { SignInTooOld } from "./counts-from.ts";
import type { OutsideWindow, SignIn } from "./sign-in.ts";

/**
 * What a login by id token or by code passes as `LoginRequest.signIn` on a source with `accessTokens`. Its
 * commit marks the sign-in as spent and checks the user's times, like an admission (I7, I8). A token without
 * the session claim is refused before.
 */
export interface LoginSignIn {
  readonly signIn: SignIn;
  /** The source's `admitFrom`, in epoch milliseconds: a sign-in from before it is not admitted. */
  readonly admitFrom?: number | undefined;
}

/** What such a login may be refused for beside a login's own outcomes; nothing was changed. */
export type LoginSignInRefusal =
  | SignInTooOld
  | OutsideWindow
  /** A session was made of this sign-in before, of either kind, or it was logged out. */
  | { readonly outcome: "sign-in-spent" };
