import { SimpleJwksCache, type JwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";

const ISSUER = "https://idp.example.com";
const AUDIENCE = "single-session";
const JWKS_URI = `${ISSUER}/jwks`;
const HOUR_SECONDS = 3600;

/** The OIDC source of every round. Its users' ids begin with `idp:`. */
export const OIDC_SOURCE: OidcSourceSettings = {
  kind: "oidc",
  name: "idp",
  issuer: ISSUER,
  audience: [AUDIENCE],
  jwksUri: JWKS_URI,
  mapping: {},
};

/**
 * A provider's keys without the provider: it signs, and the functions find the public key where they look for
 * it.
 */
export interface IdTokenIssuer {
  /** @param now epoch milliseconds of the sign-in. */
  sign(subject: string, tokenId: string, now: number): Promise<string>;
  readonly newJwksCache: () => JwksCache;
}

export async function createIdTokenIssuer(): Promise<IdTokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kty: "EC", kid: "k1", use: "sig", alg: "ES256" } as const;
  return {
    sign(subject, tokenId, now) {
      const seconds = Math.floor(now / 1000);
      // The verifier's library goes by the real time for `exp`, the product by its own clock for the rest.
      const expiry = Math.max(seconds, Math.floor(Date.now() / 1000)) + HOUR_SECONDS;
      return new SignJWT({
        iss: ISSUER,
        aud: AUDIENCE,
        sub: subject,
        jti: tokenId,
        iat: seconds,
        auth_time: seconds,
        exp: expiry,
      })
        .setProtectedHeader({ alg: "ES256", kid: "k1" })
        .sign(privateKey);
    },
    newJwksCache() {
      const fetcher = { fetch: (uri: string) => Promise.reject(new Error(`asked ${uri}`)) };
      const cache = new SimpleJwksCache({ fetcher });
      cache.addJwks(JWKS_URI, { keys: [jwk] });
      return cache;
    },
  };
}
