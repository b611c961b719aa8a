import { FetchError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createGuard, type Guard } from "../../guard/index.ts";
import { accessTokens, type RefusedAccessToken } from "../../guard/access-tokens.ts";
import { cognitoSource, type Signer } from "../support/access-tokens.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import type { SignInWorld } from "../support/sign-ins.ts";
import { CHROME } from "../support/store.ts";
import { startBound, type Bound } from "./bound-support.ts";
import { bearer, guardEnvironment } from "./support.ts";

const SOURCES = [cognitoSource()];

let signer: Signer;
let world: SignInWorld;
let admit: Bound["admit"];
beforeAll(async () => {
  ({ signer, world, admit } = await startBound());
});

/** A guard that takes access tokens, and the requests that it sent to the database. */
async function guarded(newJwksCache = signer.newJwksCache): Promise<{ guard: Guard; sent: string[] }> {
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  onTestFinished(() => proxy.stop());
  const sent: string[] = [];
  proxy.interfere(({ operation }) => void sent.push(operation));
  const settings = { accessTokens: { sources: SOURCES, signInTable: world.signInTable } };
  const environment = guardEnvironment(world.sessionsTable, settings, proxy.endpoint);
  return {
    guard: createGuard({
      environment,
      accessTokens: accessTokens({ newJwksCache }),
      onFault: () => undefined,
    }),
    sent,
  };
}

test("a live session is one read, once it was seen whole, by the groups of the token at hand", async () => {
  const { guard, sent } = await guarded();
  const sub = "live";
  await admit(await signer.cognito({ sub, origin_jti: "L" }));
  const refreshed = bearer(await signer.cognito({ sub, origin_jti: "L", "cognito:groups": ["admins"] }));
  const check = () => guard.check(refreshed, { method: "POST" });
  expect(await check()).toMatchObject({ outcome: "live", user: { id: "cognito:live", isAdmin: true } });
  expect(sent.splice(0)).toEqual(["GetItem", "TransactGetItems"]);
  expect(await check()).toMatchObject({ outcome: "live" });
  expect(sent).toEqual(["GetItem"]);
});

test("a sign-in that has no session yet gets none", async () => {
  const { guard, sent } = await guarded();
  const text = await signer.cognito({ sub: "fresh", origin_jti: "F" });
  expect(await guard.check(bearer(text))).toMatchObject({
    problem: { status: 401, code: "session_unknown" },
  });
  expect(sent).toEqual(["GetItem", "BatchGetItem"]);
  // It could have had one: nothing was spent.
  await admit(text);
});

test("a displaced one says by whom, also with a refreshed token", async () => {
  const { guard } = await guarded();
  const sub = "displaced";
  const now = Math.floor(Date.now() / 1000);
  await admit(await signer.cognito({ sub, origin_jti: "1", auth_time: now - 60 }));
  await admit(await signer.cognito({ sub, origin_jti: "2", auth_time: now }));
  const refreshed = await signer.cognito({ sub, origin_jti: "1", auth_time: now - 60 });
  expect(await guard.check(bearer(refreshed))).toMatchObject({
    problem: { status: 401, code: "session_displaced", body: { by: { device: CHROME.label } } },
  });
});

describe("what is not verified", () => {
  test.each([
    ["an id token", () => signer.cognitoId({ sub: "x", origin_jti: "X" })],
    ["one of another client", () => signer.cognito({ client_id: "another" })],
    ["three parts of anything", () => Promise.resolve("a.b.c")],
  ])("is 401 without a read of any table: %s", async (_, make) => {
    const { guard, sent } = await guarded();
    expect(await guard.check(bearer(await make()))).toMatchObject({
      problem: { status: 401, code: "invalid_access_token" },
    });
    expect(sent).toEqual([]);
  });

  test("is told with its reason to who asked for it, and not to the sender", async () => {
    const told: RefusedAccessToken[] = [];
    const settings = { accessTokens: { sources: SOURCES, signInTable: world.signInTable } };
    const guard = createGuard({
      environment: guardEnvironment(world.sessionsTable, settings),
      accessTokens: accessTokens({
        newJwksCache: signer.newJwksCache,
        onRefused: (refusal) => told.push(refusal),
      }),
    });
    await guard.check(bearer(await signer.cognito({ client_id: "another" })));
    await guard.check(bearer(await signer.cognito({ auth_time: undefined })));
    expect(told).toEqual([
      { reason: "access-token-wrong-audience" },
      { reason: "access-token-no-sign-in-time", hint: expect.stringContaining("auth_time") as string },
    ]);
  });

  test.each<[string, Error]>([
    ["the library's error", new FetchError("https://login.example.com", "no way to the provider")],
    ["an error of one's own", new Error("the proxy is down")],
  ])("is 503 where the keys cannot be had, and never a yes: %s", async (_, fault) => {
    const fetch = () => Promise.reject(fault);
    const { guard, sent } = await guarded(() => new SimpleJwksCache({ fetcher: { fetch } }));
    const outcome = await guard.check(bearer(await signer.cognito()));
    expect(outcome).toMatchObject({ problem: { status: 503, code: "unavailable" } });
    expect(sent).toEqual([]);
  });
});

test("a guard that was not given them knows no such session", async () => {
  const guard = createGuard({ environment: guardEnvironment(world.sessionsTable) });
  expect(await guard.check(bearer(await signer.cognito()))).toMatchObject({
    problem: { status: 401, code: "session_unknown" },
  });
});

test("sessions none of whose sources has access tokens say so when the guard is made", () => {
  const environment = guardEnvironment(world.sessionsTable);
  expect(() => createGuard({ environment, accessTokens: accessTokens() })).toThrow(
    "no identity source of these sessions has them on",
  );
});
