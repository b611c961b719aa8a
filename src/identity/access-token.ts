import { CognitoJwtVerifier } from "aws-jwt-verify/cognito-verifier";
import { WaitPeriodNotYetEndedJwkError } from "aws-jwt-verify/error";
import type { JwksCache } from "aws-jwt-verify/jwk";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import type { SignInToken } from "../sessions/sign-in-store.ts";
import { userIdProblem } from "../sessions/session.ts";
import { mapClaims } from "./claim-mapping.ts";
import { CLOCK_LEEWAY_MS, readToken, refused, renewedHourly, textClaim } from "./jwt.ts";
import type { Claims, KeyDependencies, RefusedToken } from "./jwt.ts";
import {
  accessAudienceOf,
  authTimeClaimOf,
  hasAccessTokens,
  issuersOf,
  sessionClaimOf,
} from "./oidc-settings.ts";
import type { AccessTokenSource, OidcSourceSettings } from "./oidc-settings.ts";
import { toLoginSignIn } from "./login-sign-in.ts";
import { refusalFor, type TokenRefusal } from "./token-refusal.ts";

/** A provider's access token that was verified, as the token of a bound session (design section 9). */
export interface AccessToken extends SignInToken {
  /** The source's name. */
  readonly identitySource: string;
  /** For policy functions. */
  readonly claims: Claims;
  /** Whether the first call with the token makes its session, or only a login. */
  readonly admit: "first-use" | "login";
}

export type AccessTokenVerification =
  | { readonly outcome: "verified"; readonly token: AccessToken }
  | RefusedToken
  /** The provider's keys could not be had, so nothing is known of the token. */
  | { readonly outcome: "unavailable"; readonly cause: unknown };

export interface AccessTokens {
  /**
   * Whose sign-in it is. It asks no table, and once it has the provider's keys nobody at all.
   * @param options `expired`: whether a token whose `exp` has passed will do; a logout takes it.
   * @throws ClaimMappingError
   */
  verify(bearer: string, options?: { readonly expired?: "accept" }): Promise<AccessTokenVerification>;
}

export interface AccessTokensDependencies extends KeyDependencies {
  /** Those without `accessTokens` are passed over. */
  readonly sources: readonly OidcSourceSettings[];
}

/** A gateway takes no longer header. */
const LONGEST_TOKEN = 16_384;

/**
 * The access tokens of the sources that have them on (RFC 9068 section 4; RFC 8725): signature, issuer and
 * audience by aws-jwt-verify; here that it is an access token, and has what a bound session needs.
 */
export function createAccessTokens({ sources, ...keys }: AccessTokensDependencies): AccessTokens {
  const accepted = sources.filter(hasAccessTokens);
  const verifierOf = renewedHourly(
    keys,
    (jwksCache) => new Map(accepted.map((source) => [source.name, signatureVerifier(source, jwksCache)])),
  );
  return {
    async verify(bearer, { expired } = {}) {
      if (bearer.length > LONGEST_TOKEN) return refused("malformed");
      const read = readToken(bearer);
      if (read.outcome === "refused") return read;
      const source = sourceNamedBy(read.claims, accepted);
      if (source === undefined) return refused("wrong-issuer");
      let claims: Claims;
      try {
        claims = await verifierOf(source.name)(bearer);
      } catch (cause) {
        const reason = reasonOf(cause);
        return reason === "unavailable" ? { outcome: "unavailable", cause } : refused(reason);
      }
      if (!isAccessToken(read.header, claims)) return refused("not-an-access-token");
      if (claims["cnf"] !== undefined) return refused("sender-constrained");
      const authTime = claims[authTimeClaimOf(source)];
      const early = timeRefusal(claims, authTime, keys.clock(), expired === "accept");
      return early === undefined ? toAccessToken(claims, source, Number(authTime) * 1000) : refused(early);
    },
  };
}

/** By the token's unverified claims, which choose who verifies it and decide nothing else. */
function sourceNamedBy(claims: Claims, sources: readonly AccessTokenSource[]): AccessTokenSource | undefined {
  const { iss } = claims;
  const ofIssuer = sources.filter((source) => issuersOf(source).includes(iss as string));
  return (
    ofIssuer.find((source) => {
      const named: unknown = source.kind === "cognito" ? claims["client_id"] : claims["aud"];
      const audiences: readonly unknown[] = Array.isArray(named) ? named : [named];
      return accessAudienceOf(source).some((audience) => audiences.includes(audience));
    }) ?? ofIssuer[0]
  );
}

/** Verifies all but the times: those go by our own clock, and `exp` does not always count. */
function signatureVerifier(
  source: AccessTokenSource,
  jwksCache: JwksCache,
): (token: string) => Promise<Claims> {
  const graceSeconds = Infinity;
  const audience = [...accessAudienceOf(source)];
  if (source.kind === "cognito") {
    const { userPoolId } = source;
    const verifier = CognitoJwtVerifier.create(
      { userPoolId, clientId: audience, tokenUse: "access", graceSeconds },
      { jwksCache },
    );
    return (token) => verifier.verify(token);
  }
  const { jwksUri } = source;
  const verifier = JwtVerifier.create(
    issuersOf(source).map((issuer) => ({ issuer, audience, jwksUri, graceSeconds })),
    { jwksCache },
  );
  return (token) => verifier.verify(token);
}

/**
 * The library waits some seconds before it asks again for a key that was not among those published. Of this
 * token that says that its key was not published a moment ago: strangers must not make outages of it.
 */
function reasonOf(cause: unknown): TokenRefusal | "unavailable" {
  if (cause instanceof WaitPeriodNotYetEndedJwkError) return "unknown-key";
  const reason = refusalFor(cause);
  return reason === "not-an-id-token" ? "not-an-access-token" : reason;
}

/** RFC 9068 section 2.1 has `at+jwt`; most providers say `JWT`, or nothing. */
const ACCESS_TOKEN_TYPES: readonly unknown[] = [undefined, "jwt", "at+jwt", "application/at+jwt"];
/** Only id tokens have them (OpenID Connect Core section 2), and logout and other events have `events`. */
const FOREIGN_CLAIMS = ["nonce", "at_hash", "c_hash", "s_hash", "events"] as const;
/** What Keycloak calls its other tokens in the payload's `typ`. */
const FOREIGN_TYPES = /^(id|serialized-id|refresh|offline|logout)$/i;

/** A provider signs other tokens with the same keys, and an audience may be that of id tokens too. */
function isAccessToken({ typ: headerType }: Claims, claims: Claims): boolean {
  const type = typeof headerType === "string" ? headerType.toLowerCase() : headerType;
  const { typ, token_use: tokenUse } = claims;
  return (
    ACCESS_TOKEN_TYPES.includes(type) &&
    FOREIGN_CLAIMS.every((name) => claims[name] === undefined) &&
    !(typeof typ === "string" && FOREIGN_TYPES.test(typ)) &&
    (tokenUse === undefined || tokenUse === "access")
  );
}

/** Why the token does not count at this time; all of its times are numbers then. */
function timeRefusal(
  { exp, iat = 0, nbf = 0 }: Claims,
  authTime: unknown,
  now: number,
  isExpiryPassedOver: boolean,
): TokenRefusal | undefined {
  if (typeof exp !== "number" || typeof iat !== "number" || typeof nbf !== "number") return "missing-claim";
  if (authTime === undefined) return "no-sign-in-time";
  if (typeof authTime !== "number") return "missing-claim";
  const latest = (now + CLOCK_LEEWAY_MS) / 1000;
  // A sign-in of the time to come could not be displaced, and would outlive a revocation.
  if (authTime > latest || iat > latest || nbf > latest) return "not-yet-valid";
  return exp * 1000 + CLOCK_LEEWAY_MS < now && !isExpiryPassedOver ? "expired" : undefined;
}

function toAccessToken(claims: Claims, source: AccessTokenSource, authTime: number): AccessTokenVerification {
  const { admit = "first-use" } = source.accessTokens;
  const subject = textClaim(claims, source.userIdClaim ?? "sub");
  if (subject === undefined || textClaim(claims, "sub") === undefined) return refused("missing-claim");
  const sessionClaim = textClaim(claims, sessionClaimOf(source));
  if (sessionClaim === undefined) return refused("no-session-claim");
  const userId = `${source.name}:${subject}`;
  if ((userIdProblem(subject) ?? userIdProblem(userId)) !== undefined) return refused("bad-user-id");
  const token: AccessToken = {
    ...toLoginSignIn(source, { userId, sessionClaim, authTime }),
    user: { id: userId, ...mapClaims(claims, source.mapping) },
    identitySource: source.name,
    claims,
    admit,
  };
  return { outcome: "verified", token };
}
