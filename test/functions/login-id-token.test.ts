import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { json, startFunctions, type Answer, type Functions } from "./harness.ts";

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
  const all = { iss: GOOGLE, aud: "server", sub: "10769150350006150715113082367", iat: now, exp: now + 3600 };
  const idToken = await new SignJWT({ ...all, jti: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "k1" })
    .sign(privateKey);
  return functions.send("POST /login", json({ idToken, deliver: "token" }));
}

const userOf = ({ body }: Answer): unknown => (body["user"] as { id?: unknown } | undefined)?.id;
const SUBJECT = "10769150350006150715113082367";

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
