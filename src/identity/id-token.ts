import { createHash } from "node:crypto";
import { CognitoJwtVerifier } from "aws-jwt-verify/cognito-verifier";
import {
  FetchError,
  JwkValidationError,
  JwksValidationError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import { SimpleJwksCache, type JwksCache } from "aws-jwt-verify/jwk";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import type { OidcSourceSettings } from "./oidc-settings.ts";

/** Milliseconds since the person signed in at the provider for which an id token may sign in here. */
export const FRESH_MS = 5 * 60_000;
/** How far the provider's clock may be off ours, in milliseconds. */
export const CLOCK_LEEWAY_MS = 30_000;

/** An id token's payload, of a verified token. */
export type Claims = Readonly<Record<string, unknown>>;

/** What is told of a verified token. */
export interface VerifiedIdToken {
  readonly subject: string;
  readonly claims: Claims;
  /** When the person signed in at the provider: `auth_time`, else `iat`, in epoch milliseconds. */
  readonly signedInAt: number;
  /** The same for every copy of one token, however it is written. */
  readonly fingerprint: string;
}

export type IdTokenVerification =
  | ({ readonly outcome: "verified" } & VerifiedIdToken)
  /** `reason` is for the log: whoever sent the token learns only that it does not do. */
  | { readonly outcome: "refused"; readonly reason: string }
  /** The provider's keys could not be had, so nothing is known of the token. */
  | { readonly outcome: "unavailable"; readonly cause: unknown };

export interface IdTokenVerifier {
  /** Everything but whether the token was used before: see `used-tokens.ts`. */
  verify(idToken: string, expected: { readonly nonce?: string | undefined }): Promise<IdTokenVerification>;
}

/**
 * Verifies the id tokens of one source (OpenID Connect Core section 3.1.3.7; RFC 8725): signature, issuer, audience and times by
 * aws-jwt-verify; that it is an id token at all, for us alone, of a sign-in that is fresh, and with the nonce asked for.
 */
export function createIdTokenVerifier(
  source: OidcSourceSettings,
  clock: () => number,
  jwksCache: JwksCache = new SimpleJwksCache(),
): IdTokenVerifier {
  const verify = signatureVerifier(source, jwksCache);
  const audience: readonly string[] = source.kind === "oidc" ? source.audience : [source.clientId];
  return {
    async verify(idToken, { nonce }) {
      let claims: Claims;
      try {
        claims = await verify(idToken);
      } catch (cause) {
        return isUnavailable(cause)
          ? { outcome: "unavailable", cause }
          : { outcome: "refused", reason: cause instanceof Error ? cause.name : "not-verified" };
      }
      const { sub, nonce: found } = claims;
      const signedInAt = signInTime(claims);
      if (typeof sub !== "string" || sub === "") return refused("no-subject");
      if (!isIdToken(idToken, claims)) return refused("no-id-token");
      if (!isForUsAlone(claims, audience)) return refused("wrong-party");
      if (signedInAt === undefined || !isFresh(signedInAt, claims["iat"], clock())) return refused("stale");
      if (nonce !== undefined && found !== nonce) return refused("wrong-nonce");
      return {
        outcome: "verified",
        subject: sub,
        claims,
        signedInAt,
        fingerprint: fingerprintOf(idToken, claims),
      };
    },
  };
}

const refused = (reason: string): IdTokenVerification => ({ outcome: "refused", reason });

function signatureVerifier(
  source: OidcSourceSettings,
  jwksCache: JwksCache,
): (idToken: string) => Promise<Claims> {
  const graceSeconds = CLOCK_LEEWAY_MS / 1000;
  if (source.kind === "cognito") {
    const { userPoolId, clientId } = source;
    const verifier = CognitoJwtVerifier.create(
      { userPoolId, clientId, tokenUse: "id", graceSeconds },
      { jwksCache },
    );
    return (idToken) => verifier.verify(idToken);
  }
  const { issuer, audience, jwksUri } = source;
  const verifier = JwtVerifier.create(
    { issuer, audience: [...audience], jwksUri, graceSeconds },
    { jwksCache },
  );
  return (idToken) => verifier.verify(idToken);
}

/** What is no fault of the token: its keys could not be fetched, or not so soon again, or are no keys. */
function isUnavailable(cause: unknown): boolean {
  return [FetchError, WaitPeriodNotYetEndedJwkError, JwksValidationError, JwkValidationError].some(
    (kind) => cause instanceof kind,
  );
}

/**
 * A provider signs other tokens with the same keys. Access tokens (RFC 9068) and logout tokens (OpenID Connect Back-Channel Logout
 * section 2.4) say so in `typ`, or by `events`; an id token always has `exp` and `iat`.
 */
function isIdToken(idToken: string, claims: Claims): boolean {
  const { typ } = JSON.parse(Buffer.from(idToken.split(".")[0] ?? "", "base64url").toString()) as Claims;
  const { exp, iat, events } = claims;
  const isPlain = typ === undefined || (typeof typ === "string" && typ.toUpperCase() === "JWT");
  return isPlain && typeof exp === "number" && typeof iat === "number" && events === undefined;
}

/** A token with other audiences beside ours must say that it was issued to us. */
function isForUsAlone({ aud, azp }: Claims, audience: readonly string[]): boolean {
  if (azp !== undefined) return typeof azp === "string" && audience.includes(azp);
  return !Array.isArray(aud) || aud.every((party) => audience.includes(party as string));
}

/** In epoch milliseconds; `undefined` where the token does not say. */
function signInTime({ auth_time: authTime, iat }: Claims): number | undefined {
  const seconds = authTime ?? iat;
  return typeof seconds === "number" ? seconds * 1000 : undefined;
}

/** Not long ago, and not in the time to come either: a token from there would stay fresh for longer than it may. */
function isFresh(signedInAt: number, iat: unknown, now: number): boolean {
  const latest = now + CLOCK_LEEWAY_MS;
  return now - signedInAt <= FRESH_MS && signedInAt <= latest && Number(iat) * 1000 <= latest;
}

/**
 * By the token's id, else by the part of it that is signed. Not by all of it: base64 can be padded, and an ECDSA signature has a
 * twin that verifies as well.
 */
function fingerprintOf(idToken: string, { iss, jti }: Claims): string {
  const identity =
    typeof jti === "string" && jti !== ""
      ? ["jti", iss, jti]
      : ["signed", idToken.slice(0, idToken.lastIndexOf("."))];
  return createHash("sha256").update(JSON.stringify(identity)).digest("base64url");
}
