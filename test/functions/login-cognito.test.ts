import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { testClient } from "../support/dynamodb.ts";
import { json, MINUTE, startFunctions, type Answer, type Functions } from "./harness.ts";

/**
 * Cognito's tokens as its documentation has them ("Understanding the identity (ID) token"), with keys of the
 * test's own in the place where Cognito publishes its keys. Cognito itself was not asked.
 */
const POOL = "eu-central-1_TestPool1";
const CLIENT = "1example23456789";
const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
const OTHER_ISSUER = `https://issuer-cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
const SUB = "aaaaaaaa-bbbb-cccc-dddd-example";

const source: OidcSourceSettings = {
  kind: "cognito",
  name: "cognito",
  userPoolId: POOL,
  clientId: CLIENT,
  mapping: {
    adminClaim: "cognito:groups",
    adminValues: ["admins"],
    permissionsClaim: "cognito:groups",
  },
};

const { privateKey, publicKey } = await generateKeyPair("RS256");
const jwks = {
  keys: [
    { ...(await exportJWK(publicKey)), kty: "RSA", kid: "k1", use: "sig" as const, alg: "RS256" as const },
  ],
};

/** Keys where Cognito has them, and nowhere else: no other place is asked. */
function cognitoKeys(): SimpleJwksCache {
  const fetcher = { fetch: (uri: string) => Promise.reject(new Error(`asked ${uri}`)) };
  const cache = new SimpleJwksCache({ fetcher });
  for (const issuer of [ISSUER, OTHER_ISSUER]) cache.addJwks(`${issuer}/.well-known/jwks.json`, jwks);
  return cache;
}

let functions: Functions;
let caches = 0;
beforeAll(async () => {
  functions = await startFunctions({
    directory: "none",
    settings: { oidcSources: [source] },
    newJwksCache: () => {
      caches++;
      return cognitoKeys();
    },
  });
});
beforeEach(() => functions.recorded.clear());

const seconds = (fromNow: number): number => Math.floor(functions.clock.now / 1000) + fromNow;

function idToken(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({
    sub: SUB,
    "cognito:groups": ["single_session.logout", "readers"],
    iss: ISSUER,
    "cognito:username": "jane",
    origin_jti: "origin",
    aud: CLIENT,
    event_id: "event",
    token_use: "id",
    auth_time: seconds(0),
    exp: seconds(3600),
    iat: seconds(0),
    jti: crypto.randomUUID(),
    email: "jane@example.com",
    ...claims,
  })
    .setProtectedHeader({ alg: "RS256", kid: "k1" })
    .sign(privateKey);
}

const logIn = async (claims: Record<string, unknown> = {}): Promise<Answer> =>
  functions.send("POST /login", json({ idToken: await idToken(claims), deliver: "token" }));

describe("an id token of the user pool", () => {
  test("signs in its subject with its groups as permissions", async () => {
    expect(await logIn()).toMatchObject({
      status: 201,
      body: {
        user: { id: `cognito:${SUB}`, isAdmin: false, permissions: ["single_session.logout", "readers"] },
      },
    });
  });

  test("of a member of an administrators' group signs in an administrator", async () => {
    const answer = await logIn({ "cognito:groups": ["admins"] });
    expect(answer.body).toMatchObject({ user: { isAdmin: true, permissions: ["admins"] } });
  });

  test("in Cognito's other form of issuer is the same pool's", async () => {
    expect(await logIn({ iss: OTHER_ISSUER })).toMatchObject({
      status: 201,
      body: { user: { id: `cognito:${SUB}` } },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["of another app client", { aud: "another" }],
    ["of another pool", { iss: ISSUER.replace("1_T", "1_U") }],
    ["of a host that only ends like Cognito's", { iss: `https://evil.amazonaws.com/${POOL}` }],
    ["that is an access token", { token_use: "access", client_id: CLIENT, aud: undefined }],
  ])("%s is 401", async (_, claims) => {
    expect(await logIn(claims)).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
  });
});

describe("freshness", () => {
  test.each([
    [-5 * 60, 201],
    [-5 * 60 - 1, 401],
    [30, 201],
    [31, 401],
  ])("of a sign-in %i seconds from now is answered with %i", async (fromNow, status) => {
    functions.clock.now = Math.floor(functions.clock.now / 1000) * 1000;
    expect((await logIn({ auth_time: seconds(fromNow) })).status).toBe(status);
  });
});

describe("a token without auth_time, which Cognito always sends", () => {
  test("is 401, whatever names its sign-in, and the log has the claim's name", async () => {
    expect((await logIn({ auth_time: undefined })).body["code"]).toBe("invalid_credentials");
    expect(functions.recorded.text()).toContain("auth_time");
  });
});

describe("the mark of a used token", () => {
  test("is kept past every moment at which the token is fresh, and no longer than an hour more", async () => {
    const token = await idToken({ jti: "the-one" });
    expect((await functions.send("POST /login", json({ idToken: token }))).status).toBe(201);
    const { createHash } = await import("node:crypto");
    const id = createHash("sha256")
      .update(JSON.stringify(["jti", ISSUER, "the-one"]))
      .digest("base64url");
    const key = { TableName: functions.tables.signIn, Key: { pk: `token#${id}` } };
    const { Item } = await testClient().send(new GetCommand(key));
    const ttl = (Item?.["ttl"] as number) * 1000 - functions.clock.now;
    expect(ttl).toBeGreaterThan(60 * MINUTE);
    expect(ttl).toBeLessThanOrEqual(67 * MINUTE);
    expect(Object.keys(Item ?? {}).sort()).toEqual(["pk", "ttl"]);
  });
});

describe("groups that no session can carry", () => {
  test("are a fault that names the claim, and no login with some of them", async () => {
    const groups = Array.from({ length: 200 }, (_, index) => `group-${index}`);
    const answer = await logIn({ "cognito:groups": groups });
    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(functions.recorded.text()).toContain("cognito:groups");
  });
});

describe("keys", () => {
  test("are forgotten after an hour, so that a withdrawn one stops to count", async () => {
    await logIn();
    const before = caches;
    functions.clock.now += 61 * MINUTE;
    await logIn({ exp: seconds(3600) });
    expect(caches).toBe(before + 1);
  });
});

describe("with no password directory", () => {
  test("a body without an id token is told that it is missing", async () => {
    expect((await functions.send("POST /login", json({ username: "a", password: "b" }))).body).toMatchObject({
      errors: [
        { pointer: "#/idToken", detail: expect.stringContaining("idToken is missing") as string },
        {},
        {},
      ],
    });
  });
});
