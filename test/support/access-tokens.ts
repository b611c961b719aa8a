import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import type { AccessTokenSettings, OidcSourceSettings } from "../../src/identity/oidc-settings.ts";

/**
 * Cognito's tokens as its documentation has them ("Understanding the access token"), with keys of the tests'
 * own in the place where Cognito publishes its keys. Cognito itself was not asked.
 */
export const POOL = "eu-central-1_TestPool1";
export const POOL_CLIENT = "1example23456789";
export const POOL_ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
export const OTHER_POOL_ISSUER = `https://issuer-cognito-idp.eu-central-1.amazonaws.com/${POOL}`;

/** A user pool whose access tokens callers send. */
export const cognitoSource = (accessTokens: AccessTokenSettings = {}): OidcSourceSettings => ({
  kind: "cognito",
  name: "cognito",
  userPoolId: POOL,
  clientId: POOL_CLIENT,
  mapping: { adminClaim: "cognito:groups", adminValues: ["admins"], permissionsClaim: "cognito:groups" },
  accessTokens,
});

export const CORP_ISSUER = "https://login.example.com";
const CORP_KEYS = `${CORP_ISSUER}/keys`;

/** Another provider, whose access tokens are for an API. */
export const corpSource = (accessTokens: AccessTokenSettings = {}): OidcSourceSettings => ({
  kind: "oidc",
  name: "corp",
  issuer: CORP_ISSUER,
  otherIssuers: ["login.example.com"],
  audience: ["app"],
  jwksUri: CORP_KEYS,
  mapping: { adminClaim: "admin", permissionsClaim: "scope" },
  accessTokens: { audience: ["https://api.example.com"], ...accessTokens },
});

type Claimed = Readonly<Record<string, unknown>>;

/** Signs what providers sign; a claim that is `undefined` is left out. */
export interface Signer {
  readonly publicPem: string;
  /** @param now epoch milliseconds of the sign-in and of the token. */
  cognito(claims?: Claimed, header?: Claimed): Promise<string>;
  corp(claims?: Claimed, header?: Claimed): Promise<string>;
  /** An id token of the user pool, of the same sign-in as its access token with the same `origin_jti`. */
  cognitoId(claims?: Claimed): Promise<string>;
  sign(claims: Claimed, header?: Claimed): Promise<string>;
  readonly newJwksCache: () => SimpleJwksCache;
  /** Puts the keys where the providers have them. */
  addKeys(cache: SimpleJwksCache): void;
}

/** @param clock epoch milliseconds: tokens are of now unless their claims say otherwise. */
export async function createSigner(clock: () => number = Date.now): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kty: "RSA", kid: "k1", use: "sig", alg: "RS256" } as const;
  const seconds = (): number => Math.floor(clock() / 1000);
  const sign = (claims: Claimed, header: Claimed = {}): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(privateKey);
  const times = (): Claimed => ({ auth_time: seconds(), iat: seconds(), exp: seconds() + 3600 });
  const pool = (): Claimed => ({
    sub: "aaaaaaaa-bbbb-cccc-dddd-example",
    "cognito:groups": ["readers"],
    iss: POOL_ISSUER,
    origin_jti: "sign-in-1",
    event_id: "event",
    jti: crypto.randomUUID(),
    ...times(),
  });
  const addKeys = (cache: SimpleJwksCache): void => {
    for (const issuer of [POOL_ISSUER, OTHER_POOL_ISSUER])
      cache.addJwks(`${issuer}/.well-known/jwks.json`, { keys: [jwk] });
    cache.addJwks(CORP_KEYS, { keys: [jwk] });
  };
  return {
    publicPem: await exportSPKI(publicKey),
    sign,
    cognito: (claims, header) =>
      sign(
        {
          ...pool(),
          client_id: POOL_CLIENT,
          token_use: "access",
          scope: "aws.cognito.signin.user.admin",
          username: "jane",
          ...claims,
        },
        header,
      ),
    cognitoId: (claims) =>
      sign({
        ...pool(),
        aud: POOL_CLIENT,
        token_use: "id",
        "cognito:username": "jane",
        email: "jane@example.com",
        ...claims,
      }),
    corp: (claims, header) =>
      sign(
        {
          iss: CORP_ISSUER,
          aud: "https://api.example.com",
          client_id: "app",
          sub: "maria",
          sid: "browser-1",
          scope: "read",
          jti: crypto.randomUUID(),
          ...times(),
          ...claims,
        },
        { typ: "at+jwt", ...header },
      ),
    newJwksCache() {
      // For a key that is not known the provider is asked again, and has these.
      const published = new TextEncoder().encode(JSON.stringify({ keys: [jwk] }));
      const fetcher = { fetch: () => Promise.resolve(published.buffer) };
      const cache = new SimpleJwksCache({ fetcher });
      addKeys(cache);
      return cache;
    },
    addKeys,
  };
}
