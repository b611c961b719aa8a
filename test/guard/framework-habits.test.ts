import type { Context } from "aws-lambda";
import middy from "@middy/core";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { beforeAll, describe, expect, test } from "vitest";
import { callerOf as expressCallerOf } from "../../guard/express.ts";
import { callerOf, singleSession } from "../../guard/fastify.ts";
import { requireSession as honoSession } from "../../guard/hono.ts";
import { requireSession as middySession } from "../../guard/middy.ts";
import { eventV2, lambdaContext } from "../http/events.ts";
import { bearer, cookie, startGuarded, type Guarded } from "./support.ts";

/** What is each framework's own: scopes, chains, types, and the order of middlewares. */

let guarded: Guarded;
beforeAll(async () => {
  guarded = await startGuarded();
});

describe("in Fastify", () => {
  test("a scope's hook guards that scope, and the decorators are everywhere", async () => {
    const app = Fastify();
    await app.register(singleSession, { guard: guarded.guard });
    app.get("/open", (request) => ({ caller: request.caller }));
    await app.register((scope, _, done) => {
      scope.addHook("onRequest", scope.requireSession());
      scope.get("/closed", (request) => ({ caller: callerOf(request).user.id }));
      done();
    });
    const headers = bearer(await guarded.logIn("alice"));
    expect((await app.inject("/open")).json()).toEqual({ caller: null });
    expect((await app.inject("/closed")).statusCode).toBe(401);
    expect((await app.inject({ url: "/closed", headers })).json()).toEqual({ caller: "alice" });
    // The next request starts without the caller of the last one.
    expect((await app.inject({ url: "/open", headers })).json()).toEqual({ caller: null });
    await app.close();
  });

  test("a rule that cannot be right fails where the route is made", async () => {
    const app = Fastify();
    await app.register(singleSession, { guard: guarded.guard });
    expect(() => app.requireSession({ permission: [] })).toThrow(TypeError);
    await app.close();
  });

  test("a handler that forgot the hook fails, and does not go on without a caller", async () => {
    const app = Fastify();
    await app.register(singleSession, { guard: guarded.guard });
    app.get("/", (request) => callerOf(request).user.id);
    const answer = await app.inject({ url: "/", headers: bearer(await guarded.logIn("alice")) });
    expect([answer.statusCode, answer.body]).toEqual([500, expect.stringContaining("requireSession()")]);
    await app.close();
  });
});

test("in Express a handler that forgot the middleware fails, and does not go on without a caller", () => {
  const request = Object.create(express.request) as typeof express.request;
  expect(() => expressCallerOf(request)).toThrow("requireSession()");
});

describe("in Hono", () => {
  test("the variables are typed along a chain", async () => {
    const app = new Hono().get("/me", honoSession({ guard: guarded.guard }), (c) => {
      const id: string = c.get("user").id;
      // @ts-expect-error -- were it `any`, this would pass
      expect(c.get("user").nothing).toBeUndefined();
      const device: string = c.get("session").device.label;
      return c.json({ id, device });
    });
    const answer = await app.request("/me", { headers: cookie(await guarded.logIn("alice")) });
    expect(await answer.json()).toEqual({ id: "alice", device: "Chrome on Windows" });
  });

  test("cors() before it answers the preflights, and lets its origins read refusals", async () => {
    const app = new Hono();
    app.use(cors({ origin: "https://partner.example", credentials: true }));
    app.use(honoSession({ guard: guarded.guard }));
    app.get("/", (c) => c.text("never"));
    const origin = "https://partner.example";
    const preflight = await app.request("/", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET" },
    });
    const refused = await app.request("/", { headers: { origin } });
    expect([preflight.status, refused.status]).toEqual([204, 401]);
    for (const { headers } of [preflight, refused])
      expect(headers.get("access-control-allow-origin")).toBe(origin);
  });
});

describe("in middy", () => {
  const run = async (handler: unknown, headers: Record<string, string>) =>
    (await (handler as (event: unknown, context: Context) => Promise<unknown>)(
      eventV2({ headers }),
      lambdaContext(),
    )) as { statusCode: number; headers: Record<string, string>; body: string };

  /** As `@middy/http-error-handler` answers an error that tells its status. */
  const answersErrors = {
    onError: (step: { error: Error | null; response?: unknown }) => {
      step.response ??= { statusCode: 418, headers: { "X-Theirs": "1" }, body: step.error?.message };
    },
  };

  test.each([
    ["before", (guard: ReturnType<typeof middySession>) => middy().use(answersErrors).use(guard)],
    ["after", (guard: ReturnType<typeof middySession>) => middy().use(guard).use(answersErrors)],
  ])("an error handler %s it leaves a refusal its problem", async (_, chain) => {
    const guard = middySession({ guard: guarded.guard });
    const handler = chain(guard).handler(() => ({ statusCode: 200 }));
    const answer = await run(handler, {});
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      401,
      expect.objectContaining({ code: "no_session" }),
    ]);
  });

  test("behind a load balancer that sends several values of a header, it answers in the same way", async () => {
    const cors: middy.MiddlewareObj = {
      onError: (step) => {
        step.response = { headers: { "X-Theirs": "1" } };
      },
    };
    const handler = middy()
      .use(middySession({ guard: guarded.guard }))
      .use(cors)
      .handler((_: unknown, { caller }) => ({ statusCode: 200, body: caller.user.id }));
    const asking = (headers: Readonly<Record<string, string[]>>) =>
      // As AWS says of it, without `headers`; and a context as unit tests make it.
      (handler as (event: unknown, context: unknown) => Promise<unknown>)(
        {
          requestContext: { elb: { targetGroupArn: "arn" } },
          httpMethod: "GET",
          path: "/",
          multiValueHeaders: headers,
          body: "",
          isBase64Encoded: false,
        },
        {},
      );
    const { authorization } = bearer(await guarded.logIn("alice"));
    expect(await asking({ authorization: [authorization] })).toMatchObject({
      statusCode: 200,
      body: "alice",
    });
    expect(await asking({})).toMatchObject({
      statusCode: 401,
      multiValueHeaders: { "X-Theirs": ["1"], "Content-Type": ["application/problem+json"] },
    });
  });

  test("what others of its middlewares do at an error is done for a refusal too", async () => {
    const ended: string[] = [];
    const traces: middy.MiddlewareObj = { onError: (step) => void ended.push(step.error?.name ?? "") };
    const handler = middy()
      .use(traces)
      .use(middySession({ guard: guarded.guard }))
      .handler(() => ({ statusCode: 200 }));
    expect((await run(handler, {})).statusCode).toBe(401);
    expect(ended).toEqual(["SessionRefusedError"]);
  });

  test("the caller is typed in the handler's context", async () => {
    const handler = middy()
      .use(middySession({ guard: guarded.guard }))
      .handler((_: unknown, context) => {
        const id: string = context.caller.user.id;
        // @ts-expect-error -- were it `any`, this would pass
        expect(context.caller.nothing).toBeUndefined();
        return { statusCode: 200, headers: {}, body: `${id} ${context.awsRequestId}` };
      });
    expect((await run(handler, bearer(await guarded.logIn("alice")))).body).toBe("alice invocation-1");
  });
});
