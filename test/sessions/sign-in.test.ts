import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { boundSessionId, signInKey, windowEnd, type SignIn } from "../../src/sessions/sign-in.ts";
import { parseSessionId } from "../../src/sessions/token.ts";

const HOUR = 60 * 60_000;
const SIGN_IN: SignIn = {
  issuer: "https://issuer.example",
  userId: "pool:ann",
  sessionClaim: "one",
  signedInAt: 1_700_000_000_000,
  identifiedBy: "claim",
};
const STRICT: SignIn = { ...SIGN_IN, identifiedBy: "claim+auth_time" };
const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

describe("a sign-in's key and session id", () => {
  test("are hashes of JSON arrays", () => {
    expect(signInKey(SIGN_IN)).toBe(sha256('["sign-in","https://issuer.example","pool:ann","one"]'));
    expect(signInKey(STRICT)).toBe(
      sha256('["sign-in","https://issuer.example","pool:ann","one",1700000000]'),
    );
    const id = boundSessionId("7", SIGN_IN);
    expect(id).toBe(sha256('["bound","7","sign-in","https://issuer.example","pool:ann","one"]'));
    expect(parseSessionId(id)).toBe(id);
  });

  test.each([
    ["issuer", { issuer: "https://other.example" }],
    ["user of the same provider's session", { userId: "pool:bob" }],
    ["source of the same issuer", { userId: "other:ann" }],
    ["session claim", { sessionClaim: "two" }],
    ["claim that runs into the user id", { userId: 'pool:ann","o', sessionClaim: "ne" }],
  ])("differ for another %s", (_, more) => {
    const other = { ...SIGN_IN, ...more };
    expect(signInKey(other)).not.toBe(signInKey(SIGN_IN));
    expect(boundSessionId("1", other)).not.toBe(boundSessionId("1", SIGN_IN));
  });

  test("stay the same when auth_time moves, unless the source counts it in", () => {
    const later = { signedInAt: SIGN_IN.signedInAt + 1000 };
    expect(signInKey({ ...SIGN_IN, ...later })).toBe(signInKey(SIGN_IN));
    expect(signInKey({ ...STRICT, ...later })).not.toBe(signInKey(STRICT));
  });

  test("the id changes with the era, the key does not know of one", () => {
    expect(boundSessionId("2", SIGN_IN)).not.toBe(boundSessionId("1", SIGN_IN));
  });
});

test("a sign-in counts for the absolute timeout, and for 30 days at most", () => {
  const timeouts = (absolute: number) => ({ idle: "none", absolute }) as const;
  expect(windowEnd(SIGN_IN, timeouts(12 * HOUR))).toBe(SIGN_IN.signedInAt + 12 * HOUR);
  expect(windowEnd(SIGN_IN, timeouts(90 * 24 * HOUR))).toBe(SIGN_IN.signedInAt + 30 * 24 * HOUR);
});
