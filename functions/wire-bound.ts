import * as deployedPolicyModule from "#session-policy";
import { boundValidation, type BoundCallers } from "../src/http/bound-callers.ts";
import { createAccessTokens, type AccessTokens } from "../src/identity/access-token.ts";
import {
  createSignInStore,
  createSignInValidator,
  type SignInStoreOptions,
} from "../src/sessions/create-session-store.ts";
import { boundAdmission } from "./bound-admission.ts";
import { signInSettings, storeOptions, type Bound, type Parts } from "./parts.ts";

/**
 * What the functions are made of where a source has `accessTokens`, beside what `wiring.ts` says. Only the
 * files in `functions/bound/` bring it into a bundle, so that elsewhere it costs nothing.
 */

/** For functions that make sessions of sign-ins, or log them out. */
export function wireBound(parts: Parts): Bound {
  const { settings, policyModule = deployedPolicyModule } = parts;
  const accessTokens = wireAccessTokens(parts);
  const signIns = createSignInStore(signInOptions(parts));
  return { ...boundAdmission({ accessTokens, signIns, settings, policyModule }), signIns };
}

/** For functions that never make one. */
export const wireBoundValidation = (parts: Parts): BoundCallers =>
  boundValidation(wireAccessTokens(parts), createSignInValidator(signInOptions(parts)));

function wireAccessTokens({ settings, clock = Date.now, newJwksCache }: Parts): AccessTokens {
  return createAccessTokens({ sources: settings.oidcSources ?? [], clock, newJwksCache });
}

/** @throws Error where no source has `accessTokens`, or the sign-in table is not named. */
function signInOptions(parts: Parts): SignInStoreOptions {
  const signIns = signInSettings(parts);
  if (signIns === undefined)
    throw new Error("access tokens need a source that has them, and the sign-in table");
  return { ...storeOptions(parts), signIns };
}
