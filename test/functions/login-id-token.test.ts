import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { json, MINUTE, startFunctions, type Answer, type Functions } from "./harness.ts";

/** Id tokens as providers document them, signed by keys of the test's own in the place of theirs. */
const GOOGLE = "https://accounts.google.com";
const ENTRA = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
const jwksUriOf = (issuer: string): string => `${issuer}/keys`;

const shared = { kind: "oidc", mapping: {} } as const;
const SOURCES: OidcSourceSettings[] = [
  {
    ...shared,
    name: "google",
    issuer: GOOGLE,
    otherIssuers: ["accounts.google.com"],
    audience: ["server", "web"],
    authorizedParties: ["trusted"],
    jwksUri: jwksUriOf(GOOGLE),
  },
  { ...shared, name: "second", issuer: GOOGLE, audience: ["other"], jwksUri: jwksUriOf(GOOGLE) },
  {
    ...shared,
    name: "entra",
    issuer: ENTRA,
    audience: ["web-app", "phone-app"],
    userIdClaim: "oid",
    jwksUri: jwksUriOf(ENTRA),
  },
  {
    ...shared,
    name: "lenient",
    issuer: "https://lenient.example.com",
    audience: ["app"],
    jwksUri: jwksUriOf(GOOGLE),
    acceptIssuedAt: true,
  },
  {
    ...shared,
    name: "namespaced",
    issuer: "https://tenant.eu.auth0.com/",
    audience: ["app"],
    userIdClaim: "https://example.com/employee.id",
    jwksUri: jwksUriOf(GOOGLE),
  },
];

const { privateKey, publicKey } = await generateKeyPair("RS256");
const key = {
  ...(await exportJWK(publicKey)),
  kty: "RSA",
  kid: "k1",
  use: "sig" as const,
  alg: "RS256" as const,
};

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({
    directory: "none",
    settings: { oidcSources: SOURCES },
    newJwksCache: () => {
      const cache = new SimpleJwksCache();
      for (const { jwksUri } of SOURCES as { jwksUri: string }[]) cache.addJwks(jwksUri, { keys: [key] });
      return cache;
    },
  });
});
beforeEach(() => functions.recorded.clear());

async function logIn(claims: Record<string, unknown>): Promise<Answer> {
  const now = Math.floor(functions.clock.now / 1000);
  const times = { iat: now, exp: now + 3600, auth_time: now };
  const all = { iss: GOOGLE, aud: "server", sub: SUBJECT, ...times, jti: crypto.randomUUID(), ...claims };
  const idToken = await new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(privateKey);
  return functions.send("POST /login", json({ idToken, deliver: "token" }));
}

const SUBJECT = "10769150350006150715113082367";
const userOf = ({ body }: Answer): unknown => (body["user"] as { id?: unknown } | undefined)?.id;

describe("audiences and the authorized party", () => {
  test.each<[string, Record<string, unknown>]>([
    ["one, ours, asked for by a sibling client (Google on Android)", { aud: "server", azp: "android" }],
    ["a list of one, ours, asked for by a sibling client", { aud: ["server"], azp: "android" }],
    ["one, ours, without an authorized party", { aud: "web" }],
    ["several, all of them ours, without an authorized party", { aud: ["server", "web"] }],
    ["several, all of them ours, asked for by a sibling client", { aud: ["server", "web"], azp: "android" }],
    ["several, asked for by us", { aud: ["server", "api"], azp: "web" }],
    ["several, asked for by a party that the setting trusts", { aud: ["api", "server"], azp: "trusted" }],
  ])("(%s) are accepted", async (_, claims) => {
    const answer = await logIn(claims);
    expect([answer.status, userOf(answer)]).toEqual([201, `google:${SUBJECT}`]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "several, asked for by a party that nobody trusts",
      { aud: ["server", "api"], azp: "android" },
      "wrong-authorized-party",
    ],
    ["several, without an authorized party", { aud: ["server", "api"] }, "wrong-authorized-party"],
    [
      "several, with an authorized party that is no text",
      { aud: ["server", "api"], azp: ["web"] },
      "wrong-authorized-party",
    ],
    ["one that is not ours, asked for by us", { aud: "api", azp: "web" }, "wrong-audience"],
    ["one that is the trusted party's", { aud: "trusted", azp: "trusted" }, "wrong-audience"],
    ["none", { aud: undefined }, "wrong-audience"],
    ["an empty list", { aud: [] }, "wrong-audience"],
  ])("(%s) are refused", async (_, claims, reason) => {
    expect((await logIn(claims)).status).toBe(401);
    expect(functions.recorded.text()).toContain(`"outcome": "id-token-${reason}"`);
  });

  test("of two sources decide by the client that asked whose user it is", async () => {
    expect(userOf(await logIn({ aud: ["server", "other"], azp: "other" }))).toBe(`second:${SUBJECT}`);
    expect(userOf(await logIn({ aud: ["other", "server"], azp: "web" }))).toBe(`google:${SUBJECT}`);
    expect(userOf(await logIn({ aud: ["other", "server"], azp: "trusted" }))).toBe(`google:${SUBJECT}`);
    expect((await logIn({ aud: ["other", "server"], azp: "android" })).status).toBe(401);
  });
});

describe("the claim of the user id", () => {
  const entra = { iss: ENTRA, oid: "00000000-0000-0000-66f3-3332eca7ea81" };

  test("makes one user of one person, whose subjects differ from client to client", async () => {
    const first = await logIn({ ...entra, aud: "web-app", sub: "AAAAAweb" });
    expect(userOf(first)).toBe(`entra:${entra.oid}`);
    const second = await logIn({ ...entra, aud: "phone-app", sub: "AAAAAphone" });
    expect(second.body).toMatchObject({
      user: { id: `entra:${entra.oid}` },
      displaced: [{ id: (first.body["session"] as { id: string }).id }],
    });
  });

  test("is a top-level claim, whatever dots and slashes its name has", async () => {
    const token = {
      iss: "https://tenant.eu.auth0.com/",
      aud: "app",
      "https://example.com/employee.id": "E 123",
    };
    expect(userOf(await logIn(token))).toBe("namespaced:E 123");
  });

  test.each<[string, unknown, string]>([
    ["missing", undefined, "missing-claim"],
    ["null", null, "missing-claim"],
    ["empty", "", "missing-claim"],
    ["a number", 42, "missing-claim"],
    ["a list", ["00000000-0000-0000-66f3-3332eca7ea81"], "missing-claim"],
    ["an object", { id: "1" }, "missing-claim"],
    ["text with white space at its end", `${entra.oid} `, "bad-user-id"],
    ["text with white space at its beginning", `\u00a0${entra.oid}`, "bad-user-id"],
    ["not in NFC", "Ame\u0301lie", "bad-user-id"],
    ["too long", "x".repeat(600), "bad-user-id"],
  ])("that is %s refuses the token", async (_, oid, reason) => {
    expect((await logIn({ ...entra, oid, aud: "web-app" })).status).toBe(401);
    expect(functions.recorded.text()).toContain(`"outcome": "id-token-${reason}"`);
  });

  test("does not stand in for a subject, which every id token has", async () => {
    expect((await logIn({ ...entra, aud: "web-app", sub: undefined })).status).toBe(401);
  });
});

describe("when the person signed in", () => {
  const lenient = { iss: "https://lenient.example.com", aud: "app" };
  const noTime = { auth_time: undefined };
  const seconds = (fromNow: number): number => Math.floor(functions.clock.now / 1000) + fromNow;

  test("that no claim tells refuses the token; the log names the claim and the setting, the answer does not", async () => {
    for (const sid of [undefined, "", 7, null, ["s"]]) {
      functions.recorded.clear();
      const answer = await logIn({ ...noTime, sid });
      expect(answer).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
      expect(answer.text).not.toContain("auth_time");
      const log = functions.recorded.text();
      expect(log).toContain('"outcome": "id-token-no-sign-in-time"');
      expect(log).toMatch(/"hint": ".*auth_time.*acceptIssuedAt/);
    }
  });

  test.each([null, "1700000000", true, [1], {}])("that auth_time tells as %j is no time", async (time) => {
    for (const source of [{}, lenient]) {
      functions.recorded.clear();
      expect((await logIn({ ...source, auth_time: time, sid: "s" })).status).toBe(401);
      expect(functions.recorded.text()).toContain('"outcome": "id-token-missing-claim"');
    }
  });

  test("told by sid alone starts one session, however often the provider refreshes the token", async () => {
    const signIn = { ...noTime, sid: "browser-1", sub: "sid-user" };
    expect((await logIn(signIn)).status).toBe(201);
    const phone = await logIn({ ...signIn, sid: "phone" });
    expect(phone.body["displaced"]).toHaveLength(1);
    functions.recorded.clear();
    for (const days of [0, 1, 30, 300]) {
      functions.clock.now += days * 24 * 60 * MINUTE;
      const iat = seconds(0);
      const refreshed = await logIn({ ...signIn, iat, exp: iat + 3600 });
      expect(refreshed).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
    }
    expect(functions.recorded.text()).toContain('"outcome": "id-token-used-before"');
    functions.clock.now = Date.now();
  });

  test("told by sid is of one user: another one with the same sid signs in", async () => {
    const signIn = { ...noTime, sid: "shared" };
    expect((await logIn({ ...signIn, sub: "first" })).status).toBe(201);
    expect((await logIn({ ...signIn, sub: "second" })).status).toBe(201);
    expect((await logIn({ ...signIn, sub: "first" })).status).toBe(401);
  });

  test("told by auth_time stays the same in a refreshed token, which is soon too old", async () => {
    const signedInAt = seconds(0);
    expect((await logIn({ sub: "refreshing", auth_time: signedInAt, sid: "s" })).status).toBe(201);
    functions.clock.now += 6 * MINUTE;
    functions.recorded.clear();
    expect((await logIn({ sub: "refreshing", auth_time: signedInAt, sid: "s" })).status).toBe(401);
    expect(functions.recorded.text()).toContain('"outcome": "id-token-too-old"');
    functions.clock.now = Date.now();
  });

  test("is taken from iat only where acceptIssuedAt says so, and a sid counts there too", async () => {
    const known = { ...lenient, ...noTime, sub: "lenient-user" };
    expect((await logIn(known)).status).toBe(201);
    expect((await logIn({ ...known, iat: seconds(-6 * 60) })).status).toBe(401);
    expect((await logIn({ ...known, sid: "s" })).status).toBe(201);
    expect((await logIn({ ...known, sid: "s" })).status).toBe(401);
  });
});

describe("issuers", () => {
  test("in each spelling that the setting lists make the same user", async () => {
    expect(userOf(await logIn({ iss: "accounts.google.com" }))).toBe(`google:${SUBJECT}`);
    expect((await logIn({ iss: GOOGLE })).body).toMatchObject({ displaced: [{}] });
  });

  test.each(["https://accounts.google.com/", "http://accounts.google.com", "ACCOUNTS.GOOGLE.COM", undefined])(
    "in another spelling (%j) are refused",
    async (iss) => {
      expect((await logIn({ iss })).status).toBe(401);
      expect(functions.recorded.text()).toContain('"outcome": "id-token-wrong-issuer"');
    },
  );
});
