/**
 * The part of the guard that takes a provider's access tokens, whose sessions are bound to sign-ins. It never
 * makes a session: a client's first call goes to a route of the sessions' own, or through the authorizer.
 * @module
 */
import type { JwksCache } from "aws-jwt-verify/jwk";
import { boundValidation } from "../src/http/bound-callers.ts";
import { createAccessTokens } from "../src/identity/access-token.ts";
import { createSignInValidator } from "../src/sessions/create-session-store.ts";
import type { GuardAccessTokens } from "./create-guard.ts";

export interface AccessTokenOptions {
  /**
   * Makes what keeps the providers' keys (of aws-jwt-verify): for code that cannot reach the provider.
   * @default one that fetches them over TLS and keeps them
   */
  readonly newJwksCache?: () => JwksCache;
}

/**
 * For `createGuard({ accessTokens: accessTokens() })`. Its code verifies tokens, and so is no part of a guard
 * that takes none. Keys that cannot be had are 503.
 *
 * The guard throws an Error where no identity source of the sessions has `accessTokens`.
 */
export function accessTokens({ newJwksCache }: AccessTokenOptions = {}): GuardAccessTokens {
  return ({ settings, ...parts }) => {
    if (settings.accessTokens === undefined)
      throw new Error(
        "the guard was given accessTokens, and no identity source of these sessions has them on",
      );
    const { sources, signInTable } = settings.accessTokens;
    const signIns = { tableName: signInTable, isOfSource: () => true };
    return boundValidation(
      createAccessTokens({ sources, clock: Date.now, newJwksCache }),
      createSignInValidator({ ...parts, settings, signIns }),
    );
  };
}

export type { GuardAccessTokens } from "./create-guard.ts";
