import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { lambdaContext } from "../http/events.ts";
import { testClient } from "../support/dynamodb.ts";
import { addUsers, bearer, json, PASSWORD, startFunctions, type Answer, type Functions } from "./harness.ts";

const WRONG = "wrong-wrong-wrong";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ documents: testClient({ tries: 1, requestTimeout: 300_000 }) });
  await addUsers(functions.directory, { alice: {}, bob: {}, carol: {}, dora: {}, eve: {}, frank: {} });
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

/**
 * An attempt with all the time it needs, each of its requests sent once: on a busy machine an answer may take
 * long, and a request that is sent again counts twice.
 */
const attempt = (
  username: string,
  password = PASSWORD,
  more: { cookies?: readonly string[]; body?: object } = {},
): Promise<Answer> =>
  functions.send(
    "POST /login",
    { ...json({ username, password, ...more.body }), ...(more.cookies && { cookies: more.cookies }) },
    lambdaContext(300_000),
  );

async function fail(username: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) expect((await attempt(username, WRONG)).status).toBe(401);
}

/** The `name=value` of the device cookie in an answer. */
function deviceOf(answer: Answer): string {
  const cookie = answer.cookies.find((line) => line.startsWith("__Host-device="));
  if (cookie === undefined) throw new Error("no device cookie");
  return cookie.split(";")[0] ?? "";
}

describe("a hundred guesses at once", () => {
  test.each(["frank", "nobody-known"])("check ten passwords, whether %s exists or not", async (username) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => attempt(username, WRONG)));
    // 401 is answered after a check only, 429 before any.
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
    expect(functions.recorded.counts()).toMatchObject({ FailedLogins: 10, Throttled: 90 });
  });
});

describe("a throttled login", () => {
  test("is 429 with the seconds to wait in Retry-After, counted, and logged without the name", async () => {
    await fail("alice", 10);
    functions.recorded.clear();
    const answer = await attempt("alice");
    expect(answer).toMatchObject({
      status: 429,
      cookies: [],
      headers: { "Content-Type": "application/problem+json", "Retry-After": "30" },
    });
    expect(answer.body).toEqual({
      type: problemType("too_many_attempts"),
      status: 429,
      title: "Too Many Requests",
      code: "too_many_attempts",
      detail: "Too many failed attempts. Try again in 30 seconds.",
    });
    expect(functions.recorded.counts()).toMatchObject({ Throttled: 1 });
    expect(functions.recorded.counts()).not.toHaveProperty("FailedLogins");
    expect(functions.recorded.text()).not.toMatch(/alice|192\.0\.2\.2/);
  });

  test("is answered alike for a user whom nobody knows", async () => {
    await fail("nobody-at-all", 10);
    const unknown = await attempt("nobody-at-all");
    await fail("bob", 10);
    expect(unknown).toEqual(await attempt("bob"));
  });

  test("leaves the user's session as it is", async () => {
    const token = await functions.logIn("carol");
    await fail("carol", 10);
    expect((await attempt("carol")).status).toBe(429);
    expect((await functions.send("GET /session", bearer(token))).status).toBe(200);
  });
});

describe("a login's device cookie", () => {
  test("comes with the session's, and lets its device in while the user name is throttled", async () => {
    const first = await attempt("dora");
    expect(first.cookies).toEqual([
      expect.stringMatching(/^__Host-session=/),
      expect.stringMatching(
        /^__Host-device=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    await fail("dora", 10);
    expect((await attempt("dora")).status).toBe(429);
    const again = await attempt("dora", PASSWORD, { cookies: [deviceOf(first)] });
    expect(again.status).toBe(201);
    expect(deviceOf(again)).toBe(deviceOf(first));
  });

  test("does not come with a refusal, nor where a token was asked for", async () => {
    expect((await attempt("eve", WRONG)).cookies).toEqual([]);
    expect((await attempt("eve", PASSWORD, { body: { deliver: "token" } })).cookies).toEqual([]);
  });

  test("is shown to nobody and logged nowhere, nor is its hash", async () => {
    const answer = await attempt("eve");
    const [name = "", value = ""] = deviceOf(answer).split("=");
    expect(answer.body["session"]).toHaveProperty("device");
    expect((answer.body["session"] as { device: object }).device).not.toHaveProperty("id");
    for (const secret of [name, value]) expect(functions.recorded.text() + answer.text).not.toContain(secret);
  });
});

describe("a login with the right password", () => {
  test("that the session limit refuses counts as no failed attempt", async () => {
    const limited = await startFunctions({ settings: { policy: { limit: 1, atLimit: "deny" } } });
    await addUsers(limited.directory, { alice: {} });
    await limited.logIn("alice");
    for (let count = 0; count < 12; count++) {
      const answer = await limited.send("POST /login", json({ username: "alice", password: PASSWORD }));
      expect(answer.body["code"]).toBe("session_limit");
      expect(answer.cookies).toEqual([]);
    }
  });

  test("that a failing policy function refuses counts as no failed attempt", async () => {
    const broken = await startFunctions({ settings: { policy: { policyExport: "missing" } } });
    await addUsers(broken.directory, { alice: {} });
    for (let count = 0; count < 12; count++) {
      const answer = await broken.send("POST /login", json({ username: "alice", password: PASSWORD }));
      expect(answer.status).toBe(500);
    }
  });
});
