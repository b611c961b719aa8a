import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import middy from "@middy/core";
import express, {
  type NextFunction,
  type Request as ExpressRequest,
  type Response as ExpressResponse,
} from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireSession as expressSession, callerOf as expressCallerOf } from "../../guard/express.ts";
import { callerOf, singleSession } from "../../guard/fastify.ts";
import { withSession } from "../../guard/fetch.ts";
import { requireSession as honoSession, type SessionVariables } from "../../guard/hono.ts";
import type { Guard } from "../../guard/index.ts";
import { requireSession as middySession, type SessionContext } from "../../guard/middy.ts";
import type { GuardRules } from "../../guard/core.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { eventV1, eventV2, lambdaContext } from "../http/events.ts";
import { ALLOWED_ORIGIN, bearer, cookie, startGuarded, type Guarded } from "./support.ts";

/**
 * Each adapter in its real framework, all by the same expectations: on a real server, and with events of API
 * Gateway.
 */

let proxy: DynamoDbProxy;
let guarded: Guarded;
let guard: Guard;
let work = 0;
beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  guarded = await startGuarded({ endpoint: proxy.endpoint, onFault: () => undefined });
  ({ guard } = guarded);
});
afterAll(() => proxy.stop());

/** A request, and the answer to it. */
interface Sent {
  readonly method?: string;
  readonly path?: "/plain" | "/ruled" | "/recent";
  readonly headers?: Readonly<Record<string, string>>;
}
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}
type Send = (sent: Sent) => Promise<Answer>;

/** The rules of the routes that each framework has here. */
const RULES = {
  "/plain": {},
  "/ruled": { permission: "reports.read" },
  "/recent": { reauthWithin: "1s" },
} as const satisfies Record<string, GuardRules>;
const PATHS = Object.keys(RULES) as (keyof typeof RULES)[];

/** What the handlers answer: who they were told calls. */
const report = (user: { readonly id: string }, session: { readonly id: string }) => {
  work++;
  return { userId: user.id, sessionId: session.id };
};

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body };
}

const overHttp = (server: { address(): string | AddressInfo | null }): Send => {
  const { port } = server.address() as AddressInfo;
  return async ({ method = "GET", path = "/plain", headers = {} }) =>
    toAnswer(await fetch(`http://localhost:${port}${path}`, { method, headers }));
};

const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, () => resolve(server)));

interface Started {
  readonly send: Send;
  stop(): unknown;
}

async function startExpress(): Promise<Started> {
  const app = express();
  for (const path of PATHS)
    app.all(path, expressSession({ guard, ...RULES[path] }), (request, response) => {
      const { user, session } = expressCallerOf(request);
      response.json(report(user, session));
    });
  app.use((fault: Error, _: ExpressRequest, response: ExpressResponse, next: NextFunction) => {
    if (response.headersSent) next(fault);
    else response.status(500).json({ handledBy: "express", message: fault.message });
  });
  const server = await listening(createServer(app as Parameters<typeof createServer>[1]));
  return { send: overHttp(server), stop: () => server.close() };
}

async function startFastify(): Promise<Started> {
  const app = Fastify();
  app.setErrorHandler((fault: Error, _, reply) =>
    reply.code(500).send({ handledBy: "fastify", message: fault.message }),
  );
  await app.register(singleSession, { guard });
  for (const url of PATHS)
    app.all(url, { preHandler: app.requireSession(RULES[url]) }, (request) => {
      const { user, session } = callerOf(request);
      return report(user, session);
    });
  await app.listen({ port: 0 });
  return { send: overHttp(app.server), stop: () => app.close() };
}

async function startHono(): Promise<Started> {
  const app = new Hono<{ Variables: SessionVariables }>();
  for (const path of PATHS)
    app.all(path, honoSession({ guard, ...RULES[path] }), (c) =>
      c.json(report(c.get("user"), c.get("session"))),
    );
  app.onError((fault, c) => c.json({ handledBy: "hono", message: fault.message }, 500));
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0 }, () => resolve(started));
  });
  return { send: overHttp(server), stop: () => server.close() };
}

function startFetch(): Promise<Started> {
  const handlers = Object.fromEntries(
    PATHS.map((path) => [
      path,
      // As Next.js calls it: with the parameters of the route behind the request.
      withSession(
        (_, { user, session }, { params }: { params: { of: string } }) =>
          Response.json({ ...report(user, session), of: params.of }),
        { guard, ...RULES[path] },
      ),
    ]),
  );
  const send: Send = async ({ method = "GET", path = "/plain", headers = {} }) => {
    const request = new Request(`https://api.example.com${path}`, { method, headers });
    try {
      return await toAnswer(await handlers[path]!(request, { params: { of: "params" } }));
    } catch (fault) {
      return toAnswer(
        Response.json({ handledBy: "fetch", message: (fault as Error).message }, { status: 500 }),
      );
    }
  };
  return Promise.resolve({ send, stop: () => undefined });
}

const answersFaults: middy.MiddlewareObj<unknown, unknown> = {
  onError: (step) => {
    step.response ??= {
      statusCode: 500,
      body: JSON.stringify({ handledBy: "middy", message: step.error?.message }),
    };
  },
};

const startMiddy = (event: typeof eventV1 | typeof eventV2) => (): Promise<Started> => {
  const handlers = Object.fromEntries(
    PATHS.map((path) => [
      path,
      middy()
        .use(middySession({ guard, ...RULES[path] }))
        .use(answersFaults)
        .handler((_: unknown, { caller }) => ({
          statusCode: 200,
          body: JSON.stringify(report(caller.user, caller.session)),
        })),
    ]),
  );
  const send: Send = async ({ method = "GET", path = "/plain", headers = {} }) => {
    const { cookie: cookies, ...others } = headers;
    const sent = {
      method,
      path,
      headers: others,
      ...(cookies !== undefined && { cookies: cookies.split("; ") }),
    };
    const {
      statusCode,
      headers: answered,
      body,
    } = (await handlers[path]!(event(sent), lambdaContext() as SessionContext)) as {
      statusCode: number;
      headers?: Record<string, string>;
      body: string;
    };
    const isEmpty = statusCode === 204;
    return toAnswer(new Response(isEmpty ? null : body, { status: statusCode, headers: answered ?? {} }));
  };
  return Promise.resolve({ send, stop: () => undefined });
};

describe.each([
  ["Express", "express", startExpress],
  ["Fastify", "fastify", startFastify],
  ["Hono", "hono", startHono],
  ["a Fetch-style handler", "fetch", startFetch],
  ["middy, with a REST API's events", "middy", startMiddy(eventV1)],
  ["middy, with an HTTP API's events", "middy", startMiddy(eventV2)],
] as const)("in %s", (_, name, start) => {
  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());

  test("a live session reaches the handler, which is told who calls; by cookie and bearer alike", async () => {
    const token = await guarded.logIn("alice");
    for (const headers of [bearer(token), cookie(token)]) {
      const answer = await started.send({ headers });
      expect([answer.status, answer.body]).toEqual([
        200,
        expect.objectContaining({
          userId: "alice",
          sessionId: expect.stringMatching(/^[\w-]{43}$/) as string,
        }),
      ]);
    }
  });

  test("a session that has ended is 401 with the reason, and the handler does not run", async () => {
    const token = await guarded.logIn("alice");
    await guarded.logIn("alice");
    const before = work;
    const answer = await started.send({ headers: bearer(token) });
    expect(work).toBe(before);
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "session_displaced", by: { device: "Chrome on Windows" } },
    });
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test.each(["GET", "POST", "DELETE", "OPTIONS"])("%s without a token is 401 no_session", async (method) => {
    const before = work;
    expect(await started.send({ method })).toMatchObject({ status: 401, body: { code: "no_session" } });
    expect(work).toBe(before);
  });

  test("a rule that does not hold is 403 with its code", async () => {
    const [without, reader] = [
      await guarded.logIn("alice"),
      await guarded.logIn("reader", { permissions: ["reports.read"] }),
    ];
    expect(await started.send({ path: "/ruled", headers: bearer(without) })).toMatchObject({
      status: 403,
      body: { code: "permission_required", permissions: ["reports.read"] },
    });
    expect((await started.send({ path: "/ruled", headers: bearer(reader) })).status).toBe(200);
  });

  test("a login that is too old is 403 with the challenge of RFC 9470", async () => {
    const token = await guarded.logIn("alice");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const answer = await started.send({ path: "/recent", headers: bearer(token) });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: "reauthentication_required", reauthWithin: 1 },
    });
    expect(answer.headers.get("www-authenticate")).toContain('max_age="1"');
  });

  test("a page of another origin is 403, where the token came with the cookie", async () => {
    const token = await guarded.logIn("alice");
    const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    const send = (headers: Record<string, string>) => started.send({ method: "POST", headers });
    expect(await send({ ...cookie(token), ...foreign })).toMatchObject({
      status: 403,
      body: { code: "cross_origin" },
    });
    expect((await send({ ...bearer(token), ...foreign })).status).toBe(200);
    expect((await send({ ...cookie(token), ...foreign, origin: ALLOWED_ORIGIN })).status).toBe(200);
  });

  test("a preflight of an allowed origin is answered, and the handler does not run", async () => {
    const before = work;
    const answer = await started.send({
      method: "OPTIONS",
      headers: { origin: ALLOWED_ORIGIN, "access-control-request-method": "PUT" },
    });
    expect(work).toBe(before);
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, ALLOWED_ORIGIN]);
  });

  test("a database that cannot be asked is 503, and the handler does not run", async () => {
    const token = await guarded.logIn("alice");
    const before = work;
    proxy.interfere(() => ({ fault: "drop-request" }));
    const answer = await started.send({ headers: bearer(token) });
    proxy.interfere(() => undefined);
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(work).toBe(before);
  });

  test("a fault goes the way of the framework's own errors, and the handler does not run", async () => {
    const token = await guarded.logIn("alice");
    const before = work;
    proxy.interfere(() => ({
      fault: "error",
      type: "com.amazonaws.dynamodb.v20120810#AccessDeniedException",
    }));
    const answer = await started.send({ headers: bearer(token) });
    proxy.interfere(() => undefined);
    expect(answer).toMatchObject({ status: 500, body: { handledBy: name } });
    expect(answer.body["message"]).toContain("sessions.protect(fn)");
    expect(work).toBe(before);
  });
});

test.each([
  ["Express", () => expressSession({ permission: "" })],
  ["Hono", () => honoSession({ permission: "" })],
  ["middy", () => middySession({ permission: "" })],
  ["Fetch", () => withSession(() => new Response(), { permission: "" })],
])("a rule that cannot be right throws where the handler of %s is made", (_, make) => {
  expect(make).toThrow(TypeError);
});
