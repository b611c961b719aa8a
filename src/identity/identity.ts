import type { CommitCheck } from "../sessions/commit.ts";
import type { PolicyUser } from "../sessions/policy.ts";
import type { LoginSignIn } from "../sessions/sign-in-store.ts";
import type { User } from "../sessions/session.ts";

/** Somebody an identity source vouches for, and all that a login needs to know of it. */
export interface Identity {
  readonly user: User;
  /** What the source said beyond `user`, for policy functions. */
  readonly claims: PolicyUser["claims"];
  /** `passwords`, `trusted` or an OIDC source's name. */
  readonly identitySource: string;
  /** What must still hold in the instant of the login (the design's invariant I5). */
  readonly checks: readonly CommitCheck[];
  /** When the user signed in at the provider, where it says so (epoch milliseconds). */
  readonly signedInAt?: number;
  /** On a source with `accessTokens`: the sign-in, of which there is one session ever (I7). */
  readonly signIn?: LoginSignIn;
}
