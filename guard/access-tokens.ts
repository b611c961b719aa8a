/**
 * The part of the guard that takes a provider's access tokens, whose sessions are bound to sign-ins. It never
 * makes a session: a client's first call goes to a route of the sessions' own, or through the authorizer.
 * @module
 */
import type { JwksCache } from "aws-jwt-verify/jwk";
import { boundValidation } from "../src/http/bound-callers.ts";
import { createAccessTokens, type AccessTokens } from "../src/identity/access-token.ts";
import { refusalFields } from "../src/identity/token-refusal.ts";
import { createSignInValidator } from "../src/sessions/create-session-store.ts";
import type { GuardAccessTokens } from "./create-guard.ts";

export interface AccessTokenOptions {
  /**
   * Makes what keeps the providers' keys (of aws-jwt-verify): for code that cannot reach the provider.
   * @default one that fetches them over TLS and keeps them
   */
  readonly newJwksCache?: () => JwksCache;
  /**
   * Told why a token was refused, for your log: the sender learns only that it is not accepted.
   * @default nobody is told
   */
  readonly onRefused?: (refusal: RefusedAccessToken) => void;
}

/** Why an access token was refused. */
export interface RefusedAccessToken {
  /** `access-token-expired`, … as in the log lines of the functions (docs/guides/identity-providers.md). */
  readonly reason: string;
  /** What to change at the provider or in the settings, where that helps. */
  readonly hint?: string;
}

/**
 * For `createGuard({ accessTokens: accessTokens() })`. Its code verifies tokens, and so is no part of a guard
 * that takes none. Keys that cannot be had are 503.
 *
 * The guard throws an Error where no identity source of the sessions has `accessTokens`.
 */
export function accessTokens({ newJwksCache, onRefused }: AccessTokenOptions = {}): GuardAccessTokens {
  return ({ settings, ...parts }) => {
    if (settings.accessTokens === undefined)
      throw new Error(
        "the guard was given accessTokens, and no identity source of these sessions has them on",
      );
    const { sources, signInTable } = settings.accessTokens;
    const signIns = { tableName: signInTable, isOfSource: () => true };
    return boundValidation(
      telling(createAccessTokens({ sources, clock: Date.now, newJwksCache }), onRefused),
      createSignInValidator({ ...parts, settings, signIns }),
    );
  };
}

const telling = (tokens: AccessTokens, onRefused: AccessTokenOptions["onRefused"]): AccessTokens => ({
  async verify(...given) {
    const verification = await tokens.verify(...given);
    if (verification.outcome === "refused") {
      const { outcome: reason, ...hint } = refusalFields(verification.reason, "access-token");
      onRefused?.({ reason, ...hint });
    }
    return verification;
  },
});

export type { GuardAccessTokens } from "./create-guard.ts";
