import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  FetchError,
  JwkInvalidKtyError,
  JwkInvalidUseError,
  JwkValidationError,
  JwksValidationError,
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import type { LoginSignInRefusal } from "../sessions/sign-in-store.ts";

/**
 * Why a provider's token is refused. For the log alone: the sender of the token learns only that it is not
 * accepted. The list is closed, so that an operator can look each reason up
 * (`docs/guides/identity-providers.md`).
 */
export type TokenRefusal =
  /** Not a JSON Web Token, or a claim of the wrong type. */
  | "malformed"
  /** `none`, a symmetric algorithm, or another one than the key's. */
  | "algorithm-not-allowed"
  /** The header has no `kid`, by which the key is found. */
  | "no-key-id"
  /** The provider publishes no key for signatures under this `kid`. */
  | "unknown-key"
  | "bad-signature"
  | "expired"
  /** `nbf`, `iat` or `auth_time` is in the future. */
  | "not-yet-valid"
  /** No source has this issuer. */
  | "wrong-issuer"
  | "wrong-audience"
  /** There are other audiences beside ours, and `azp` is neither ours nor in `authorizedParties`. */
  | "wrong-authorized-party"
  /** An access or logout token. */
  | "not-an-id-token"
  /** An id, refresh or logout token where an access token belongs. */
  | "not-an-access-token"
  /** An access token that counts only with a proof of possession (`cnf`), and came as a plain bearer. */
  | "sender-constrained"
  /** An access token without the claim that names its sign-in. */
  | "no-session-claim"
  /** `exp`, `iat`, `sub` or the source's `userIdClaim` is missing, empty or of another type. */
  | "missing-claim"
  /** Neither `auth_time` nor `sid`, and no `acceptIssuedAt`: the token may be a refreshed one. */
  | "no-sign-in-time"
  /** The claim that identifies the user cannot be a part of a user id. */
  | "bad-user-id"
  | "wrong-nonce"
  /** The sign-in at the provider is too long ago. */
  | "too-old"
  | "used-before"
  /** A session was made of the sign-in before, of either kind, or it was logged out (I7). */
  | "sign-in-spent"
  /** The sign-in is from before the user's last sign-out (I8). */
  | "before-sign-out"
  /** The sign-in is from before `admitFrom`, or so old that its session would be over. */
  | "outside-window"
  /** The verification failed in a way that none of the others names. */
  | "not-verified";

/** What a commit refuses a sign-in for, as reasons. */
export const SIGN_IN_REFUSALS = {
  "sign-in-spent": "sign-in-spent",
  "too-old": "before-sign-out",
  expired: "outside-window",
} as const satisfies Readonly<Record<LoginSignInRefusal["outcome"], TokenRefusal>>;

/** By the outcome of the log line. */
const HINTS: Readonly<Record<string, string>> = {
  "id-token-no-sign-in-time":
    "the id token has neither auth_time nor sid: have the provider send auth_time, or set acceptIssuedAt",
  "id-token-no-session-claim":
    "the id token has no claim that names its sign-in, which a source with accessTokens needs: the same " +
    "as the access token's",
  "access-token-no-sign-in-time":
    "the access token has no auth_time: have the provider send it, or the time of the sign-in in a claim " +
    "that accessTokens.authTimeClaim names",
  "access-token-no-session-claim":
    "the access token has no claim that names its sign-in: origin_jti (Cognito, with token revocation on), " +
    "sid, or what accessTokens.sessionClaim names",
};

/** What a log line says of a refused token: why and, where an operator can mend it, how. */
export function refusalFields(
  reason: TokenRefusal,
  kind: "id-token" | "access-token" = "id-token",
): { readonly outcome: string; readonly hint?: string } {
  const outcome = `${kind}-${reason}`;
  const hint = HINTS[outcome];
  return hint === undefined ? { outcome } : { outcome, hint };
}

/** Compared by class: a bundle is minified, and so are the names of the classes in it. */
const REASONS: readonly (readonly [new (...args: never[]) => Error, TokenRefusal])[] = [
  [JwtParseError, "malformed"],
  [JwtInvalidSignatureAlgorithmError, "algorithm-not-allowed"],
  [JwtWithoutValidKidError, "no-key-id"],
  [KidNotFoundInJwksError, "unknown-key"],
  [JwkInvalidUseError, "unknown-key"],
  [JwkInvalidKtyError, "unknown-key"],
  [JwtInvalidSignatureError, "bad-signature"],
  [JwtExpiredError, "expired"],
  [JwtNotBeforeError, "not-yet-valid"],
  [JwtInvalidIssuerError, "wrong-issuer"],
  // With several issuers, one that is not among them is a wrong parameter.
  [ParameterValidationError, "wrong-issuer"],
  [JwtInvalidAudienceError, "wrong-audience"],
  [CognitoJwtInvalidClientIdError, "wrong-audience"],
  [CognitoJwtInvalidTokenUseError, "not-an-id-token"],
];

/**
 * The provider's fault, not the token's: its keys could not be fetched, or not so soon again, or are no keys.
 */
const OUTAGES = [FetchError, WaitPeriodNotYetEndedJwkError, JwksValidationError, JwkValidationError];

/** What an error of aws-jwt-verify says about the token; `unavailable`: nothing is known of it. */
export function refusalFor(cause: unknown): TokenRefusal | "unavailable" {
  if (OUTAGES.some((kind) => cause instanceof kind)) return "unavailable";
  return REASONS.find(([kind]) => cause instanceof kind)?.[1] ?? "not-verified";
}
