import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Handler } from "../../functions/wiring.ts";
import type { RequestInput, EventInput } from "./inputs.ts";
import { createFuzzer, type Fuzzer } from "./fuzzer.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { isObject } from "./observation.ts";
import { problemsOf } from "./oracle.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";

type Wrong = (handler: Handler) => Handler;

let fuzzer: Fuzzer;
let wrapped: Wrong;
beforeAll(async () => {
  fuzzer = await createFuzzer(testDatabaseEndpoint(), (_, handler) => wrapped(handler));
});
afterAll(() => fuzzer.stop());

const request = (method: string, path: string): RequestInput => ({
  kind: "request",
  format: "2.0",
  method,
  path,
  headers: [["authorization", "Bearer {{token:alice}}"]],
  cookies: [],
  query: "",
  base64: "no",
  address: "192.0.2.1",
  mutations: [],
});
const LOOK = request("GET", "/session");
const LOG_OUT = request("POST", "/logout");
const TRUSTED: EventInput = { kind: "event", event: { user: { id: "new" } } };

/** What the oracle says of one input, with something wrong put around the handler. */
async function problemsWith(
  lane: LaneName,
  input: RequestInput | EventInput,
  wrong: Wrong,
): Promise<string[]> {
  wrapped = wrong;
  const chosen = LANES.find(({ name }) => name === lane);
  if (chosen === undefined) throw new Error(`no lane ${lane}`);
  return problemsOf(await fuzzer.observe(chosen, input));
}

type Answer = Record<string, unknown>;
/** Changes what a handler answers. */
const changed =
  (change: (answer: Answer, event: Answer) => Answer) =>
  (handler: Handler): Handler =>
  async (event, context) =>
    change((await handler(event, context)) as Answer, event as Answer);
const inBody = (members: (event: Answer) => object) =>
  changed((answer, event) => {
    const body = JSON.parse(String(answer["body"])) as object;
    return { ...answer, body: JSON.stringify({ ...body, ...members(event) }) };
  });
const authorizationOf = (event: Answer): string =>
  isObject(event["headers"]) ? String(event["headers"]["authorization"]) : "";

describe("the oracle has nothing against", () => {
  test.each([
    ["validate", LOOK],
    ["logout", LOG_OUT],
    ["login-direct", TRUSTED],
  ] as const)("what %s really answers", async (lane, input) => {
    expect(await problemsWith(lane, input, (handler) => handler)).toEqual([]);
  });
});

describe("the oracle notices a handler that", () => {
  test.each<[string, Wrong, string]>([
    [
      "echoes the token",
      inBody((event) => ({ echo: authorizationOf(event) })),
      "the answer has a secret in it",
    ],
    ["shows a stack", inBody(() => ({ trace: new Error("x").stack })), "the answer tells of the inside"],
    ["answers 500", changed((answer) => ({ ...answer, statusCode: 500 })), "the status is 500"],
    ["answers 503", changed((answer) => ({ ...answer, statusCode: 503 })), "the status is 503"],
    [
      "forgets a security header",
      changed(({ headers, ...answer }) => ({
        ...answer,
        headers: { ...(headers as object), "Cache-Control": "" },
      })),
      "the header Cache-Control is ",
    ],
    [
      "lets a line break into a header",
      changed(({ headers, ...answer }) => ({
        ...answer,
        headers: { ...(headers as object), "X-More": "a\r\nb" },
      })),
      "the header X-More cannot be sent",
    ],
    [
      "invents a code",
      changed((answer) => ({ ...answer, statusCode: 400, body: '{"status":400,"code":"oops"}' })),
      "the code oops has another status",
    ],
    ["throws", () => () => Promise.reject(new Error("x")), "the handler threw Error: x"],
    [
      "logs what it is sent",
      (handler) => (event, context) => {
        // What must be noticed.
        console.info(JSON.stringify({ message: "call", event }));
        return handler(event, context);
      },
      "the log has a secret in it",
    ],
    [
      "shows somebody else's session",
      inBody(() => ({ session: { id: "A".repeat(43) } })),
      "a session shown without its token",
    ],
    [
      "pollutes what all objects share",
      (handler) => async (event, context) => {
        const answer = await handler(event, context);
        Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
        return answer;
      },
      "a prototype that all objects share was changed",
    ],
  ])("%s", async (_, wrong, problem) => {
    const problems = await problemsWith("validate", LOOK, wrong);
    Reflect.deleteProperty(Object.prototype, "polluted");
    expect(problems).toContain(problem);
  });

  test("begins a session that it does not tell of", async () => {
    const twice =
      (handler: Handler): Handler =>
      async (event, context) => {
        await handler({ user: { id: "other" } }, context);
        return handler(event, context);
      };
    expect(await problemsWith("login-direct", TRUSTED, twice)).toContain(
      'a session of "other" was begun that no answer tells of',
    );
  });

  test("tells of a session that is not there", async () => {
    const made = changed((answer) => ({ ...answer, token: "t".repeat(43) }));
    expect(await problemsWith("login-direct", TRUSTED, made)).toContain(
      "the answer tells of a session that is not there",
    );
  });

  test("refuses, having logged in all the same", async () => {
    const refusing = changed(() => ({ code: "invalid_request", detail: "x" }));
    expect(await problemsWith("login-direct", TRUSTED, refusing)).toContain("a refusal changed sessions");
  });

  test("ends the session of somebody who had no part in it", async () => {
    const ending =
      (handler: Handler): Handler =>
      async (event, context) => {
        await fuzzer.handlers["admin-logout"]({ userIds: ["victim"] }, context);
        return handler(event, context);
      };
    expect(await problemsWith("logout", LOG_OUT, ending)).toContain(
      'a session of "victim" ended who had no part in it',
    );
  });

  test("logs in somebody who proved nothing", async () => {
    const trusting =
      (handler: Handler): Handler =>
      async (_, context) => {
        const answer = (await handler({ user: { id: "alice" } }, context)) as Answer;
        const headers = { "Content-Type": "application/json" };
        return { statusCode: 201, headers, body: JSON.stringify(answer), isBase64Encoded: false };
      };
    const problems = await problemsWith(
      "login-password",
      { ...LOOK, method: "POST", path: "/login" },
      trusting,
    );
    expect(problems).toContain('a session of "alice" was begun without proof');
  });
});
