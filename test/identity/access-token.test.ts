import { FetchError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { describe, expect, test } from "vitest";
import { createAccessTokens, type AccessTokens } from "../../src/identity/access-token.ts";
import { ClaimMappingError } from "../../src/identity/claim-mapping.ts";
import {
  CORP_ISSUER,
  corpSource,
  cognitoSource,
  createSigner,
  OTHER_POOL_ISSUER,
  POOL_ISSUER,
} from "../support/access-tokens.ts";
import { unsigned, withSubject } from "../support/forged.ts";

const clock = { now: Math.floor(Date.now() / 1000) * 1000 };
const signer = await createSigner(() => clock.now);
const make = (
  sources = [cognitoSource(), corpSource()],
  newJwksCache: () => SimpleJwksCache = signer.newJwksCache,
): AccessTokens => createAccessTokens({ sources, clock: () => clock.now, newJwksCache });
const tokens = make();

const seconds = (fromNow: number): number => clock.now / 1000 + fromNow;
async function reasonFor(token: Promise<string> | string, verifier = tokens): Promise<string> {
  const verification = await verifier.verify(await token);
  return verification.outcome === "refused" ? verification.reason : verification.outcome;
}

describe("an access token", () => {
  test("of a user pool is a sign-in of its user by origin_jti, with the groups of the token at hand", async () => {
    const sub = "aaaaaaaa-bbbb-cccc-dddd-example";
    const verification = await tokens.verify(await signer.cognito({ "cognito:groups": ["admins", "x"] }));
    expect(verification).toMatchObject({
      outcome: "verified",
      token: {
        signIn: {
          issuer: POOL_ISSUER,
          userId: `cognito:${sub}`,
          sessionClaim: "sign-in-1",
          signedInAt: clock.now,
          identifiedBy: "claim",
        },
        user: { id: `cognito:${sub}`, isAdmin: true, permissions: ["admins", "x"] },
        identitySource: "cognito",
        admit: "first-use",
        claims: { username: "jane" },
      },
    });
  });

  test("of another provider is one by sid, for the API's audience", async () => {
    for (const aud of ["https://api.example.com", ["https://api.example.com", "userinfo"]]) {
      expect(await tokens.verify(await signer.corp({ aud }))).toMatchObject({
        token: {
          signIn: { issuer: CORP_ISSUER, userId: "corp:maria", sessionClaim: "browser-1" },
          user: { permissions: ["read"], isAdmin: false },
        },
      });
    }
  });

  test("has one spelling of the issuer, whichever the provider used", async () => {
    for (const token of [
      await signer.cognito({ iss: OTHER_POOL_ISSUER }),
      await signer.corp({ iss: "login.example.com" }),
    ]) {
      const verification = await tokens.verify(token);
      const issuer = verification.outcome === "verified" ? verification.token.signIn.issuer : undefined;
      expect([POOL_ISSUER, CORP_ISSUER]).toContain(issuer);
    }
  });

  test("is read by the settings of its source: claim, audience, what identifies, when it is admitted", async () => {
    const source = corpSource({
      sessionClaim: "https://example.com/session.id",
      audience: ["other", "another"],
      signIn: "claim+auth_time",
      admit: "login",
      admitFrom: 5,
    });
    const own = make([{ ...source, userIdClaim: "oid" }]);
    const claims = { aud: "another", oid: "o1", "https://example.com/session.id": "s1", sid: undefined };
    expect(await own.verify(await signer.corp(claims))).toMatchObject({
      token: {
        signIn: { userId: "corp:o1", sessionClaim: "s1", identifiedBy: "claim+auth_time" },
        admit: "login",
        admitFrom: 5,
      },
    });
    expect(await reasonFor(signer.corp({ ...claims, aud: "https://api.example.com" }), own)).toBe(
      "wrong-audience",
    );
    expect(await reasonFor(signer.corp({ ...claims, oid: undefined }), own)).toBe("missing-claim");
  });

  test("has the time of the sign-in in the claim that its source names, held to the same rules", async () => {
    const claim = "https://example.com/auth_time";
    const own = make([corpSource({ authTimeClaim: claim })]);
    const at = seconds(-60);
    expect(await own.verify(await signer.corp({ auth_time: undefined, [claim]: at }))).toMatchObject({
      token: { signIn: { signedInAt: at * 1000 } },
    });
    for (const [value, reason] of [
      [undefined, "no-sign-in-time"],
      [String(at), "missing-claim"],
      [seconds(60), "not-yet-valid"],
    ] as const)
      expect(await reasonFor(signer.corp({ [claim]: value }), own)).toBe(reason);
  });

  test.each(["JWT", "jwt", "at+jwt", "application/at+jwt", undefined])("may be of typ %j", async (typ) => {
    expect(await reasonFor(signer.corp({}, { typ }))).toBe("verified");
  });

  test("may have the payload types of access tokens", async () => {
    expect(await reasonFor(signer.corp({ typ: "Bearer" }))).toBe("verified");
  });

  test("with more permissions than a session can carry is a fault that names the claim", async () => {
    const groups = Array.from({ length: 200 }, (_, index) => `group-${index}`);
    const token = await signer.cognito({ "cognito:groups": groups });
    await expect(tokens.verify(token)).rejects.toThrow(ClaimMappingError);
  });
});

describe("times", () => {
  test.each([
    [{ exp: -29 }, "verified"],
    [{ exp: -31 }, "expired"],
    [{ auth_time: 30 }, "verified"],
    [{ auth_time: 31 }, "not-yet-valid"],
    [{ iat: 31 }, "not-yet-valid"],
    [{ nbf: 31 }, "not-yet-valid"],
    [{ nbf: 30 }, "verified"],
    [{ auth_time: -40 * 24 * 3600 }, "verified"],
  ])("%j seconds from now are %s", async (times, outcome) => {
    const claims = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, seconds(at)]));
    expect(await reasonFor(signer.cognito(claims))).toBe(outcome);
  });

  test("an expired token will do where that is said, and all else of it counts", async () => {
    const old = { auth_time: seconds(-9000), iat: seconds(-9000), exp: seconds(-5400) };
    const verify = async (token: Promise<string>) => tokens.verify(await token, { expired: "accept" });
    expect(await verify(signer.cognito(old))).toMatchObject({ outcome: "verified" });
    expect(await verify(signer.cognito({ ...old, client_id: "other" }))).toMatchObject({
      reason: "wrong-audience",
    });
    expect(await verify(signer.cognito({ ...old, nbf: seconds(60) }))).toMatchObject({
      reason: "not-yet-valid",
    });
    const impostor = await createSigner(() => clock.now);
    expect(await verify(impostor.cognito(old))).toMatchObject({ reason: "bad-signature" });
  });
});

describe("what is no access token of ours", () => {
  test.each<[string, string, () => Promise<string>]>([
    ["another client's", "wrong-audience", () => signer.cognito({ client_id: "other" })],
    ["nobody's", "wrong-audience", () => signer.cognito({ client_id: undefined })],
    [
      "one whose client is a list",
      "wrong-audience",
      () => signer.cognito({ client_id: ["1example23456789"] }),
    ],
    ["the pool's id token", "not-an-access-token", () => signer.cognitoId()],
    ["a token without a use", "not-an-access-token", () => signer.cognito({ token_use: undefined })],
    ["another pool's", "wrong-issuer", () => signer.cognito({ iss: `${POOL_ISSUER}x` })],
    ["another API's", "wrong-audience", () => signer.corp({ aud: "https://other.example.com" })],
    ["for no audience", "wrong-audience", () => signer.corp({ aud: undefined })],
    ["with a nonce", "not-an-access-token", () => signer.corp({ nonce: "n" })],
    ["with an empty nonce", "not-an-access-token", () => signer.corp({ nonce: "" })],
    ["with at_hash", "not-an-access-token", () => signer.corp({ at_hash: "h" })],
    ["with c_hash", "not-an-access-token", () => signer.corp({ c_hash: "h" })],
    ["a logout token", "not-an-access-token", () => signer.corp({ events: {} })],
    ["a logout token by its type", "not-an-access-token", () => signer.corp({}, { typ: "logout+jwt" })],
    ["a DPoP proof", "not-an-access-token", () => signer.corp({}, { typ: "dpop+jwt" })],
    ["of a type that is no text", "not-an-access-token", () => signer.corp({}, { typ: 7 })],
    ["Keycloak's id token", "not-an-access-token", () => signer.corp({ typ: "ID" })],
    ["Keycloak's refresh token", "not-an-access-token", () => signer.corp({ typ: "Refresh" })],
    ["an id token of Cognito's kind", "not-an-access-token", () => signer.corp({ token_use: "id" })],
    ["bound to a key", "sender-constrained", () => signer.corp({ cnf: { jkt: "k" } })],
    ["without a sign-in time", "no-sign-in-time", () => signer.corp({ auth_time: undefined })],
    ["with a sign-in time in text", "missing-claim", () => signer.corp({ auth_time: "1700000000" })],
    ["with a sign-in time of null", "missing-claim", () => signer.corp({ auth_time: null })],
    ["without a session claim", "no-session-claim", () => signer.corp({ sid: undefined })],
    ["with an empty session claim", "no-session-claim", () => signer.corp({ sid: "" })],
    ["with a session claim that is no text", "no-session-claim", () => signer.corp({ sid: 7 })],
    ["without origin_jti", "no-session-claim", () => signer.cognito({ origin_jti: undefined, sid: "s" })],
    ["without an expiry", "missing-claim", () => signer.corp({ exp: undefined })],
    ["without a subject", "missing-claim", () => signer.corp({ sub: undefined })],
    ["with an empty subject", "missing-claim", () => signer.corp({ sub: "" })],
    ["with a subject not in NFC", "bad-user-id", () => signer.corp({ sub: "Ame\u0301lie" })],
    ["with a subject of 600 bytes", "bad-user-id", () => signer.corp({ sub: "x".repeat(600) })],
    ["unsigned", "algorithm-not-allowed", async () => unsigned(await signer.corp())],
    ["changed", "bad-signature", async () => withSubject(await signer.corp(), "admin")],
    ["without a key id", "no-key-id", () => signer.corp({}, { kid: undefined })],
    ["longer than a header", "malformed", () => signer.corp({ more: "x".repeat(20_000) })],
    ["three parts of nothing", "malformed", () => Promise.resolve("a.b.c")],
  ])("(%s) is refused as %s", async (_, reason, token) => {
    expect(await reasonFor(token())).toBe(reason);
  });

  test("with the source's own audience is refused as an id token would be, and accepted as an access token", async () => {
    const shared = make([{ ...corpSource(), accessTokens: {} }]);
    expect(await reasonFor(signer.corp({ aud: "app" }), shared)).toBe("verified");
    expect(await reasonFor(signer.corp({ aud: "app", nonce: "n" }), shared)).toBe("not-an-access-token");
  });

  test("of a source without accessTokens is refused before anybody is asked for keys", async () => {
    const without = { ...corpSource() };
    delete (without as { accessTokens?: object }).accessTokens;
    const asked = (): SimpleJwksCache => {
      throw new Error("asked for keys");
    };
    const verifier = createAccessTokens({ sources: [without], clock: () => clock.now, newJwksCache: asked });
    expect(await reasonFor(signer.corp(), verifier)).toBe("wrong-issuer");
  });
});

describe("the provider's keys", () => {
  test("that cannot be had say nothing of the token", async () => {
    const down = make(undefined, () => {
      const fetcher = { fetch: (uri: string) => Promise.reject(new FetchError(uri, "down")) };
      return new SimpleJwksCache({ fetcher });
    });
    expect(await reasonFor(signer.corp(), down)).toBe("unavailable");
  });

  test("without the token's are asked for once, and the next strange key id is refused and no outage", async () => {
    let asked = 0;
    const keys = new TextEncoder().encode(JSON.stringify({ keys: [] }));
    const verifier = make(undefined, () => {
      const fetcher = { fetch: () => Promise.resolve((asked++, keys.buffer)) };
      return new SimpleJwksCache({ fetcher });
    });
    for (let index = 0; index < 5; index++)
      expect(await reasonFor(signer.corp({}, { kid: `k${index}` }), verifier)).toBe("unknown-key");
    expect(asked).toBe(1);
  });
});
