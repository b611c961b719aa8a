import { createHash } from "node:crypto";
import { CognitoJwtVerifier } from "aws-jwt-verify/cognito-verifier";
import { SimpleJwksCache, type JwksCache } from "aws-jwt-verify/jwk";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import { CLOCK_LEEWAY_MS, readToken, refused, textClaim, type Claims, type RefusedToken } from "./jwt.ts";
import {
  audienceOf,
  authTimeClaimOf,
  hasAccessTokens,
  issuersOf,
  sessionClaimOf,
  type OidcSourceSettings,
} from "./oidc-settings.ts";
import { refusalFor, type TokenRefusal } from "./token-refusal.ts";

/** Milliseconds since the person signed in at the provider for which an id token may sign in here. */
export const FRESH_MS = 5 * 60_000;

/** What is told of a verified token. */
export interface VerifiedIdToken {
  /** The claim that identifies the user at the provider: `sub`, or the source's `userIdClaim`. */
  readonly subject: string;
  readonly claims: Claims;
  /** `auth_time` in epoch milliseconds, where the token has it. */
  readonly authTime?: number;
  readonly mark: UseMark;
}

/** By what it is known that something has signed in, and until when that is remembered. */
export interface UseMark {
  /** The same for every copy of one token, or every token of one sign-in, however it is written. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly keptUntil: number;
}

export type IdTokenVerification =
  | ({ readonly outcome: "verified" } & VerifiedIdToken)
  | RefusedToken
  /** The provider's keys could not be had, so nothing is known of the token. */
  | { readonly outcome: "unavailable"; readonly cause: unknown };

export interface IdTokenVerifier {
  /** Everything but whether the token was used before: see `used-tokens.ts`. */
  verify(idToken: string, expected: { readonly nonce?: string | undefined }): Promise<IdTokenVerification>;
}

/**
 * Verifies the id tokens of one source (OpenID Connect Core section 3.1.3.7; RFC 8725): signature, issuer,
 * audience and times by aws-jwt-verify; that it is an id token at all, for us alone, of a sign-in that is
 * fresh, and with the nonce asked for.
 */
export function createIdTokenVerifier(
  source: OidcSourceSettings,
  clock: () => number,
  jwksCache: JwksCache = new SimpleJwksCache(),
): IdTokenVerifier {
  const verify = signatureVerifier(source, jwksCache);
  return {
    async verify(idToken, { nonce }) {
      const read = readToken(idToken);
      if (read.outcome === "refused") return read;
      let claims: Claims;
      try {
        claims = await verify(idToken);
      } catch (cause) {
        const reason = refusalFor(cause);
        return reason === "unavailable" ? { outcome: "unavailable", cause } : refused(reason);
      }
      const subject = textClaim(claims, source.userIdClaim ?? "sub");
      if (!isIdToken(read.header, claims)) return refused("not-an-id-token");
      if (subject === undefined || textClaim(claims, "sub") === undefined) return refused("missing-claim");
      if (typeof claims["exp"] !== "number" || typeof claims["iat"] !== "number")
        return refused("missing-claim");
      if (!isForUs(claims, source)) return refused("wrong-authorized-party");
      const signIn = signInOf(claims, source);
      if (typeof signIn === "string") return refused(signIn);
      const { signedInAt, session, isAuthTime } = signIn;
      // Its session claim and its time say later whether it is spent, and whether it counts (I7, I8).
      if (hasAccessTokens(source) && !isAuthTime) return refused("no-sign-in-time");
      if (hasAccessTokens(source) && textClaim(claims, sessionClaimOf(source)) === undefined)
        return refused("no-session-claim");
      const latest = clock() + CLOCK_LEEWAY_MS;
      // A token from the time to come would stay fresh for longer than it may.
      if (signedInAt > latest || claims["iat"] * 1000 > latest) return refused("not-yet-valid");
      if (clock() - signedInAt > FRESH_MS) return refused("too-old");
      if (nonce !== undefined && claims["nonce"] !== nonce) return refused("wrong-nonce");
      const mark: UseMark =
        session === undefined
          ? { fingerprint: tokenFingerprint(idToken, claims), keptUntil: signedInAt + MARK_MS }
          : {
              fingerprint: hashOf(["sid", source.name, subject, session]),
              keptUntil: signedInAt + SESSION_MARK_MS,
            };
      return {
        outcome: "verified",
        subject,
        claims,
        ...(isAuthTime && { authTime: signedInAt }),
        mark,
      };
    },
  };
}

function signatureVerifier(
  source: OidcSourceSettings,
  jwksCache: JwksCache,
): (idToken: string) => Promise<Claims> {
  const graceSeconds = CLOCK_LEEWAY_MS / 1000;
  if (source.kind === "cognito") {
    const { userPoolId } = source;
    const verifier = CognitoJwtVerifier.create(
      { userPoolId, clientId: [...audienceOf(source)], tokenUse: "id", graceSeconds },
      { jwksCache },
    );
    return (idToken) => verifier.verify(idToken);
  }
  const { jwksUri } = source;
  const audience = [...audienceOf(source)];
  const verifier = JwtVerifier.create(
    issuersOf(source).map((issuer) => ({ issuer, audience, jwksUri, graceSeconds })),
    { jwksCache },
  );
  return (idToken) => verifier.verify(idToken);
}

/**
 * A provider signs other tokens with the same keys. Access tokens (RFC 9068) and logout tokens (OpenID
 * Connect Back-Channel Logout section 2.4) say so in `typ`, or by `events`.
 */
function isIdToken({ typ }: Claims, { events }: Claims): boolean {
  const isPlain = typ === undefined || (typeof typ === "string" && typ.toUpperCase() === "JWT");
  return isPlain && events === undefined;
}

/**
 * A token whose audiences are all ours is for us, whichever client of the same project asked for it (`azp`):
 * Google gives an Android client such tokens for its server. One with other audiences beside ours must have
 * been asked for by us, or by a party that the setting trusts (OpenID Connect Core section 3.1.3.7, points 3
 * to 5).
 */
export function isForUs({ aud, azp }: Claims, source: OidcSourceSettings): boolean {
  const ours = audienceOf(source);
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audiences.every((party) => ours.includes(party as string))) return true;
  return typeof azp === "string" && [...ours, ...(source.authorizedParties ?? [])].includes(azp);
}

/** When a token's sign-in was, in epoch milliseconds, and by what that is known. */
interface SignInTime {
  readonly signedInAt: number;
  readonly isAuthTime: boolean;
  /** The provider's session, where nothing but that is known of the sign-in. */
  readonly session?: string;
}

/**
 * The sign-in that a token is of. A provider that refreshes id tokens gives ever new `iat` and `jti`, so by
 * these a device that was displaced would sign itself in again for ever. So `auth_time` counts, which stays
 * the same (OpenID Connect Core section 12.2); else the provider's session `sid`, whose first token is its
 * last; else `iat`, where the setting `acceptIssuedAt` takes the risk.
 */
function signInOf(claims: Claims, source: OidcSourceSettings): SignInTime | TokenRefusal {
  const { acceptIssuedAt } = source;
  const issuedAt = Number(claims["iat"]) * 1000;
  const claim = "auth_time" in claims || !hasAccessTokens(source) ? "auth_time" : authTimeClaimOf(source);
  const seconds = claims[claim];
  if (seconds !== undefined) {
    return typeof seconds === "number" ? { signedInAt: seconds * 1000, isAuthTime: true } : "missing-claim";
  }
  const session = textClaim(claims, "sid");
  if (session !== undefined) return { signedInAt: issuedAt, session, isAuthTime: false };
  return acceptIssuedAt === true ? { signedInAt: issuedAt, isAuthTime: false } : "no-sign-in-time";
}

/** For clocks that are wrong by more than they should be. */
const MARGIN_MS = 60 * 60_000;

/** Past every moment at which a token could be taken for fresh, whatever its own expiry. */
const MARK_MS = FRESH_MS + CLOCK_LEEWAY_MS + MARGIN_MS;

/** Tokens of a provider's session can be fresh for as long as it lives: longer than any session here. */
const SESSION_MARK_MS = 400 * 24 * 60 * 60_000;

/**
 * By the token's id, else by the part of it that is signed. Not by all of it: base64 can be padded, and an
 * ECDSA signature has a twin that verifies as well.
 */
function tokenFingerprint(idToken: string, { iss, jti }: Claims): string {
  return typeof jti === "string" && jti !== ""
    ? hashOf(["jti", iss, jti])
    : hashOf(["signed", idToken.slice(0, idToken.lastIndexOf("."))]);
}

const hashOf = (identity: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(identity)).digest("base64url");
