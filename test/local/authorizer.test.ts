import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ app: "test/local/fixture-app.ts", context: { variant: "plain" } });
});
afterAll(() => stack.stop());

const ask = (path: string, pass?: string) =>
  fetch(stack.url + path, pass === undefined ? {} : { headers: { "x-pass": pass } });

const asked = () => stack.invocations.filter(({ functionName }) => functionName === "authorize").length;

interface Context {
  readonly calls: number;
  readonly event: Readonly<Record<string, unknown>>;
}

async function contextOf(response: Response): Promise<Context> {
  const event = (await response.json()) as {
    requestContext: { authorizer: { lambda: Context } };
  };
  return event.requestContext.authorizer.lambda;
}

describe("an authorizer without identity sources and cache", () => {
  test("who is let through reaches the function with the authorizer's context", async () => {
    const response = await ask("/guarded", "yes");
    expect(response.status).toBe(200);
    expect(await contextOf(response)).toMatchObject({ userId: "alice", list: ["a"] });
  });

  test("the authorizer's event has no body and names the route", async () => {
    const { event } = await contextOf(await ask("/guarded?a=1", "yes"));
    expect(event).toMatchObject({
      version: "2.0",
      type: "REQUEST",
      routeKey: "GET /guarded",
      identitySource: null,
      queryStringParameters: { a: "1" },
      routeArn: expect.stringMatching(/^arn:aws:execute-api:.*\/\$default\/GET\/guarded$/) as unknown,
    });
    expect(event).not.toHaveProperty("body");
  });

  test.each([
    ["not authorized", "no", 403, "Forbidden"],
    ["no credentials at all, and is asked all the same", undefined, 403, "Forbidden"],
    ["an answer of another shape", "nonsense", 500, "Internal Server Error"],
    ["a fault", "throw", 500, "Internal Server Error"],
  ])("%s is the gateway's own answer", async (_, pass, status, message) => {
    const before = asked();
    const response = await ask("/guarded", pass);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
    expect(asked()).toBe(before + 1);
  });

  test("every request is asked anew", async () => {
    const before = asked();
    await ask("/guarded", "yes");
    await ask("/guarded", "yes");
    expect(asked()).toBe(before + 2);
  });
});

test("an absent identity source is answered 401 without asking", async () => {
  const before = asked();
  const response = await ask("/guarded-by-header");
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: "Unauthorized" });
  expect(asked()).toBe(before);
  expect((await ask("/guarded-by-header", "yes")).status).toBe(200);
});

test("with a cache the same identity is asked once, and a fault is never kept", async () => {
  const before = asked();
  await Promise.all([ask("/guarded-cached", "yes")]);
  expect((await ask("/guarded-cached", "yes")).status).toBe(200);
  expect((await ask("/guarded-cached", "no")).status).toBe(403);
  expect((await ask("/guarded-cached", "no")).status).toBe(403);
  expect(asked()).toBe(before + 2);
  await ask("/guarded-cached", "throw");
  await ask("/guarded-cached", "throw");
  expect(asked()).toBe(before + 4);
});
