import * as z from "zod/mini";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDirectFunction, createTwoWayFunction, refusal } from "../../functions/direct-invocation.ts";
import { createHttpFunction, createPlainFunction } from "../../src/http/endpoint.ts";
import { problem } from "../../src/http/problem.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { noContent, ok } from "../../src/http/reply.ts";
import { fields } from "../../src/api/parts/fields.ts";
import { SessionPolicyFailedError } from "../../src/runtime/session-policy.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { eventV1, eventV2, lambdaContext } from "./events.ts";
import { recordTelemetry, type RecordedTelemetry } from "./recorded-telemetry.ts";

let recorded: RecordedTelemetry;
beforeEach(() => void (recorded = recordTelemetry()));
afterEach(() => void vi.restoreAllMocks());

const dependencies = () => ({ telemetry: recorded.telemetry });
const context = lambdaContext();
const bodyOf = (response: { readonly body: string }) => JSON.parse(response.body) as Record<string, unknown>;

describe("an HTTP endpoint", () => {
  test.each([
    ["1.0", eventV1, { multiValueHeaders: { "Set-Cookie": ["a=1"] } }],
    ["2.0", eventV2, { cookies: ["a=1"] }],
  ] as const)("answers in the payload format it was asked in: %s", async (_, event, cookies) => {
    const handler = createHttpFunction(dependencies(), () =>
      Promise.resolve({ ...noContent(), cookies: ["a=1"] }),
    );
    expect(await handler(event(), context)).toMatchObject({ statusCode: 204, ...cookies });
  });

  test("gives the endpoint the request and the time that remains", async () => {
    const handler = createHttpFunction(dependencies(), ({ input, remainingMs }) =>
      Promise.resolve(ok({ path: input.path, remaining: remainingMs() })),
    );
    expect(bodyOf(await handler(eventV2(), lambdaContext(1234)))).toEqual({
      path: "/session",
      remaining: 1234,
    });
  });

  test("writes one line a call, with route, status, code and duration", async () => {
    const times = [1000, 1017];
    const { telemetry } = recordTelemetry(() => times.shift() ?? 0);
    const handler = createHttpFunction({ telemetry }, () =>
      Promise.resolve(problem("not_found", { detail: "x" })),
    );
    const lines = vi.spyOn(console, "info");
    await handler(eventV2({ method: "DELETE", path: "/sessions" }), context);
    expect(lines).toHaveBeenCalledOnce();
    expect(JSON.parse(String(lines.mock.calls[0]?.[0]))).toMatchObject({
      message: "call",
      route: "DELETE /sessions",
      status: 404,
      code: "not_found",
      durationMs: 17,
      requestId: "request-2",
    });
  });
});

describe("a fault of an HTTP endpoint", () => {
  const fail = (fault: unknown) =>
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever is thrown must be answered
    createHttpFunction(dependencies(), () => Promise.reject(fault))(eventV2(), context);
  const secret = "arn:aws:dynamodb:eu-central-1:123456789012:table/Sessions";

  test.each([
    ["an error", new Error(secret)],
    ["a type error", new TypeError(secret)],
    ["a string", secret],
    ["nothing", undefined],
    ["an error with extras", Object.assign(new Error("x"), { statusCode: 418, expose: true, body: secret })],
  ])("%s is 500 internal with the request id and nothing of the inside", async (_, fault) => {
    const response = await fail(fault);
    expect(response).toMatchObject({ statusCode: 500, headers: { "Cache-Control": "no-store" } });
    expect(bodyOf(response)).toEqual({
      type: problemType("internal"),
      status: 500,
      title: "Internal Server Error",
      code: "internal",
      detail: "The service failed. Its logs have this request's id.",
      requestId: "request-2",
    });
  });

  test("goes to the log with message, stack and causes, but without an error's other properties", async () => {
    const items = { CancellationReasons: [{ Item: { userAgent: "of somebody" } }] };
    await fail(Object.assign(new Error("outer", { cause: new Error(secret) }), items));
    expect(recorded.lines("call")).toMatchObject([
      {
        level: "ERROR",
        code: "internal",
        status: 500,
        fault: { message: "outer", cause: { message: secret } },
      },
    ]);
    expect(recorded.text()).not.toContain("of somebody");
    expect(recorded.counts()).toMatchObject({ Faults: 1 });
    expect(recorded.counts()).not.toHaveProperty("PolicyFaults");
  });

  test.each([
    ["none", "unavailable", undefined, "1"],
    ["none", "unavailable", 2.2, "3"],
    ["unknown", "outcome_unknown", 5, "5"],
  ] as const)(
    "of the store with effect %s is 503 %s with Retry-After",
    async (effect, code, seconds, header) => {
      const options = { effect, ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
      const response = await fail(new StoreUnavailableError(secret, options));
      expect(response).toMatchObject({ statusCode: 503, headers: { "Retry-After": header } });
      expect(bodyOf(response)).toMatchObject({ code });
      expect(response.body).not.toContain(secret);
      expect(recorded.counts()).toMatchObject({ Unavailable: 1 });
    },
  );

  test("of the policy is 500 policy_failed, and the log has its cause", async () => {
    const response = await fail(new SessionPolicyFailedError("x", { cause: new Error("divided by zero") }));
    expect(bodyOf(response)).toMatchObject({ status: 500, code: "policy_failed" });
    expect(response.body).not.toContain("divided");
    expect(recorded.text()).toContain("divided by zero");
    expect(recorded.counts()).toMatchObject({ Faults: 1, PolicyFaults: 1 });
  });
});

describe("an event that no gateway makes", () => {
  const token = "t".repeat(43);
  const asked = vi.fn(() => Promise.resolve(noContent()));
  test.each<[string, unknown]>([
    ["#", null],
    ["#", "text"],
    ["#/requestContext", { ...eventV2(), requestContext: null }],
    ["#/requestContext/http", { ...eventV2(), requestContext: {} }],
    ["#/requestContext/http/method", { ...eventV2(), requestContext: { http: { method: 1 } } }],
    ["#/rawPath", { ...eventV2(), rawPath: undefined }],
    ["#/cookies", { ...eventV2(), cookies: `__Host-session=${token}` }],
    ["#/cookies/0", { ...eventV2(), cookies: [[token]] }],
    ["#/headers/authorization", { ...eventV2(), headers: { authorization: [`Bearer ${token}`] } }],
    ["#/headers", { ...eventV2(), headers: token }],
    ["#/rawQueryString", { ...eventV2(), rawQueryString: 1 }],
    ["#/isBase64Encoded", { ...eventV2(), isBase64Encoded: "yes" }],
    ["#/httpMethod", { ...eventV1(), httpMethod: undefined }],
    ["#/multiValueHeaders/Cookie", { ...eventV1(), multiValueHeaders: { Cookie: token } }],
    ["#/multiValueQueryStringParameters/x", { ...eventV1(), multiValueQueryStringParameters: { x: "1" } }],
    ["#/requestContext/identity", { ...eventV1(), requestContext: { identity: "x" } }],
  ])("is 400 naming the member %s, asks nothing, and echoes nothing of it", async (pointer, event) => {
    asked.mockClear();
    const response = await createHttpFunction(dependencies(), asked)(event as never, context);
    expect(response).toMatchObject({ statusCode: 400, headers: { "Cache-Control": "no-store" } });
    const { code, errors } = bodyOf(response);
    expect(code).toBe("invalid_request");
    expect(errors).toContainEqual({ pointer, detail: expect.stringContaining("accepted is") as string });
    expect(asked).not.toHaveBeenCalled();
    expect(response.body + recorded.text()).not.toContain(token);
    expect(recorded.lines("call")).toMatchObject([{ status: 400, code: "invalid_request" }]);
    expect(recorded.counts()).not.toHaveProperty("Faults");
  });

  test.each(["headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters"])(
    "is none for an odd __proto__ in %s, which is as if it were not there",
    async (member) => {
      const event = { ...eventV1(), [member]: JSON.parse('{"__proto__":{"isAdmin":true}}') as object };
      const response = await createHttpFunction(dependencies(), asked)(event, context);
      expect(response.statusCode).toBe(204);
    },
  );

  test("is none for leaving out, or giving as null, what no endpoint needs", async () => {
    const nothing = { headers: null, body: null, pathParameters: null, isBase64Encoded: null };
    for (const event of [
      { version: "2.0", rawPath: "/", requestContext: { http: { method: "GET" } }, ...nothing },
      { httpMethod: "GET", path: "/", requestContext: {}, multiValueHeaders: null, ...nothing },
    ]) {
      const response = await createHttpFunction(dependencies(), asked)(event as never, context);
      expect(response.statusCode).toBe(204);
    }
  });
});

describe("a direct invocation", () => {
  const schema = fields({ name: z.string({ error: "a string" }) });
  const direct = (action: () => Promise<object>) =>
    createDirectFunction(dependencies(), "test", schema, action);

  test("that is not as accepted is refused with the fields, not thrown", async () => {
    const handler = direct(() => Promise.reject(new Error("never called")));
    for (const event of [{ name: 1 }, {}, null, "x", { name: "a", extra: 1 }]) {
      const answer = await handler(event, context);
      expect(answer).toMatchObject({
        code: "invalid_request",
        errors: [{ detail: expect.any(String) as string }],
      });
    }
    expect(recorded.lines("call")[0]).toMatchObject({ route: "invoke test", code: "invalid_request" });
  });

  test("whose refusal has extensions returns them beside the code", async () => {
    const handler = direct(() => Promise.resolve(refusal("session_limit", "why", { sessions: [] })));
    expect(await handler({ name: "a" }, context)).toEqual({
      code: "session_limit",
      detail: "why",
      sessions: [],
    });
  });

  test("that meets a fault throws it, and the log has it", async () => {
    const fault = new StoreUnavailableError("gone", { effect: "none" });
    await expect(direct(() => Promise.reject(fault))({ name: "a" }, context)).rejects.toBe(fault);
    expect(recorded.lines("call")).toMatchObject([{ level: "ERROR", fault: { message: "gone" } }]);
  });
});

test("the authorizer's stack throws faults on, so that the gateway answers 500", async () => {
  const handler = createPlainFunction(dependencies(), "authorize", () => Promise.reject(new Error("unsure")));
  await expect(handler(eventV2(), context)).rejects.toThrow("unsure");
});

test("a touch that failed is a warning with its cause, and no call's fault", () => {
  recorded.telemetry.touchFailed(new Error("throttled"));
  expect(recorded.lines("touch failed")).toMatchObject([{ level: "WARN", fault: { message: "throttled" } }]);
  expect(recorded.counts()).toEqual({ TouchesFailed: 1 });
  expect(recorded.lines("call")).toEqual([]);
});

describe("a function of two halves", () => {
  const both = createTwoWayFunction(
    () => Promise.resolve("http" as never),
    () => Promise.resolve("direct"),
  );

  test.each([
    [{ requestContext: {}, userIds: ["a"] }, "http"],
    [{ requestContext: null, user: { id: "root", isAdmin: true } }, "http"],
    [{ requestContext: undefined }, "http"],
    [eventV1(), "http"],
    [eventV2(), "http"],
    [{ user: { id: "alice" } }, "direct"],
    [{ version: "2.0", rawPath: "/login" }, "direct"],
    [null, "direct"],
    ["requestContext", "direct"],
  ])("takes %j for %s", async (event, half) => {
    expect(await both(event, context)).toBe(half);
  });
});
