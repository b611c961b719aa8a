import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { addUsers, bearer, json, PASSWORD, startFunctions, type Answer, type Functions } from "./harness.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const ANDROID_APP = "okhttp/4.12.0";
const IOS_APP = "MyBank/7 CFNetwork/1494.0.7 Darwin/23.4.0";

const ISSUER = "https://login.example.com";
const KEYS = `${ISSUER}/keys`;
const source: OidcSourceSettings = {
  kind: "oidc",
  name: "corp",
  issuer: ISSUER,
  jwksUri: KEYS,
  audience: ["app"],
  mapping: {},
};
const { privateKey, publicKey } = await generateKeyPair("RS256");

let functions: Functions;
beforeAll(async () => {
  const jwk = { ...(await exportJWK(publicKey)), kty: "RSA", kid: "k1", use: "sig", alg: "RS256" } as const;
  functions = await startFunctions({
    settings: {
      policy: { limit: 2, atLimit: "displace", perDeviceClass: { mobile: 1, desktop: 1 } },
      oidcSources: [source],
    },
    newJwksCache: () => {
      const cache = new SimpleJwksCache();
      cache.addJwks(KEYS, { keys: [jwk] });
      return cache;
    },
  });
  await addUsers(functions.directory, { alice: {}, bob: {}, carol: {} });
});

function idToken(sub: string): Promise<string> {
  const now = Math.floor(functions.clock.now / 1000);
  const times = { iat: now, exp: now + 3600, auth_time: now };
  return new SignJWT({ sub, iss: ISSUER, aud: "app", ...times, jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: "RS256", kid: "k1" })
    .sign(privateKey);
}

const logIn = (username: string, userAgent: string, more: object = {}): Promise<Answer> =>
  functions.send(
    "POST /login",
    json({ username, password: PASSWORD, deliver: "token", ...more }, { "user-agent": userAgent }),
  );
const deviceIn = (answer: Answer): unknown => (answer.body["session"] as { device: unknown }).device;
const isLive = async (answer: Answer): Promise<boolean> =>
  (await functions.send("GET /session", bearer(String(answer.body["token"])))).status === 200;

describe("one phone and one browser", () => {
  test.each([
    ["an Android app", ANDROID_APP],
    ["an iOS app", IOS_APP],
    ["a Flutter app", "Dart/3.3 (dart:io)"],
  ])("%s displaces the phone before it, and not the browser", async (_, userAgent) => {
    const browser = await logIn("alice", CHROME);
    const before = await logIn("alice", ANDROID_APP);
    const app = await logIn("alice", userAgent);
    expect([await isLive(browser), await isLive(before), await isLive(app)]).toEqual([true, false, true]);
  });

  test("an app whose user agent says nothing states that it is mobile, and the browser stays", async () => {
    const browser = await logIn("bob", CHROME);
    const app = await logIn("bob", "x", { device: { class: "mobile", label: "Bob's phone" } });
    expect([await isLive(browser), await isLive(app)]).toEqual([true, true]);
    expect(deviceIn(app)).toMatchObject({ class: "mobile", label: "Bob's phone", userAgent: "x" });
  });
});

describe("a device that a login states", () => {
  const stated = { class: "desktop", label: "Till 7" };

  test("counts over the user agent, whichever way the login proves who it is", async () => {
    const passwords = await logIn("carol", IOS_APP, { device: stated });
    const body = json({ idToken: await idToken("carol"), device: stated }, { "user-agent": IOS_APP });
    const oidc = await functions.send("POST /login", body);
    const direct = await functions.invoke("login", { user: { id: "dave" }, device: stated });
    expect([passwords, oidc].map(deviceIn)).toMatchObject([stated, stated]);
    expect(direct).toMatchObject({ session: { device: stated } });
  });

  test.each<[string, object, object]>([
    ["a class alone", { class: "desktop" }, { class: "desktop", label: "MyBank on iOS" }],
    ["a label alone", { label: "Till 7" }, { class: "mobile", label: "Till 7" }],
    ["nothing", {}, { class: "mobile", label: "MyBank on iOS" }],
    ["an empty label", { label: " \u0000\u202e " }, { class: "mobile", label: "MyBank on iOS" }],
    ["a long label", { label: `${"é".repeat(63)}😀` }, { class: "mobile", label: "é".repeat(63) }],
    ["a label that breaks lines", { label: "my\r\nphone" }, { class: "mobile", label: "myphone" }],
  ])("may be %s", async (_, device, expected) => {
    expect(deviceIn(await logIn("carol", IOS_APP, { device }))).toMatchObject(expected);
  });

  test.each<[string, unknown, string, string]>([
    [
      "a class that is none",
      { class: "tablet" },
      "#/device/class",
      'device.class is "tablet"; accepted is mobile or desktop.',
    ],
    ["a label that is no text", { label: 7 }, "#/device/label", "device.label is 7; accepted is a string."],
    [
      "an address, which is not the client's to say",
      { address: "192.0.2.9" },
      "#/device/address",
      "address is not known here",
    ],
    [
      "a user agent, which is in the header",
      { userAgent: "x" },
      "#/device/userAgent",
      "userAgent is not known here",
    ],
    ["text", "mobile", "#/device", 'device is "mobile"; accepted is an object with label, class.'],
  ])("is refused with %s", async (_, device, pointer, detail) => {
    const answer = await logIn("carol", CHROME, { device });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: "invalid_request",
        errors: [{ pointer, detail: expect.stringContaining(detail) as string }],
      },
    });
  });

  test("does not change whose address it is", async () => {
    expect(deviceIn(await logIn("carol", CHROME, { device: stated }))).toMatchObject({
      address: "192.0.2.2",
    });
  });
});

test("client hints count at a login", async () => {
  const body = json(
    { username: "carol", password: PASSWORD },
    { "user-agent": CHROME, "sec-ch-ua-mobile": "?1", "sec-ch-ua-platform": '"Android"' },
  );
  const answer = await functions.send("POST /login", body);
  expect(deviceIn(answer)).toMatchObject({ class: "mobile", label: "Chrome on Android", userAgent: CHROME });
});
