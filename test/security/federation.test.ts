import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bearer, json, MINUTE, startFunctions, type Answer, type Functions } from "../functions/harness.ts";

const ISSUER = "https://login.example.com";
const JWKS_URI = `${ISSUER}/keys`;
const CLIENT = "single-session";

const { privateKey, publicKey } = await generateKeyPair("ES256");
const key = {
  ...(await exportJWK(publicKey)),
  kty: "EC",
  kid: "k1",
  use: "sig" as const,
  alg: "ES256" as const,
};

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({
    directory: "none",
    settings: {
      oidcSources: [
        { kind: "oidc", name: "corp", issuer: ISSUER, audience: [CLIENT], jwksUri: JWKS_URI, mapping: {} },
      ],
    },
    newJwksCache: () => {
      const cache = new SimpleJwksCache();
      cache.addJwks(JWKS_URI, { keys: [key] });
      return cache;
    },
  });
});
afterAll(() => void vi.restoreAllMocks());

async function logIn(authenticatedAgo: number, expiresIn: number): Promise<Answer> {
  // The library that verifies goes by the real time.
  const now = Math.floor(functions.clock.now / 1000);
  const idToken = await new SignJWT({
    iss: ISSUER,
    aud: CLIENT,
    sub: "maria",
    auth_time: now - authenticatedAgo,
  })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setJti(crypto.randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + expiresIn)
    .sign(privateKey);
  return functions.send("POST /login", json({ idToken, deliver: "token" }));
}

describe("ASVS 7.6.1", () => {
  test("an authentication of more than five minutes ago starts no session, though the token is new", async () => {
    expect((await logIn(301, 3600)).body["code"]).toBe("invalid_credentials");
    expect((await logIn(240, 3600)).status).toBe(201);
  });

  test("a session is neither shortened nor prolonged by the expiry of the token that started it", async () => {
    const short = await logIn(0, 60);
    const { expiresAt } = short.body["session"] as { expiresAt: string };
    expect(Date.parse(expiresAt) - functions.clock.now).toBe(720 * MINUTE);
    const long = await logIn(0, 30 * 24 * 3600);
    const token = String(long.body["token"]);
    functions.clock.now += 29 * MINUTE;
    expect((await functions.send("GET /session", bearer(token))).status).toBe(200);
    functions.clock.now += 30 * MINUTE;
    expect((await functions.send("GET /session", bearer(token))).body["code"]).toBe("session_expired");
  });
});
