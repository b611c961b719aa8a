import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { wireStore, wireValidate } from "../../functions/wiring.ts";
import type { LiveView } from "../../src/api/parts/shapes.ts";
import { IS_CHANNEL } from "../../src/sessions/channel.ts";
import { eventV2, lambdaContext } from "../http/events.ts";
import {
  addUsers,
  bearer,
  cookie,
  json,
  MINUTE,
  PASSWORD,
  startFunctions,
  type Functions,
} from "./harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {} });
});
afterAll(() => void vi.restoreAllMocks());

describe("GET /session", () => {
  test("shows the user and the session, without the era", async () => {
    const answer = await functions.send("GET /session", cookie(await functions.logIn("alice")));
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["user", "session"]);
    expect(Object.keys(answer.body["session"] as object)).toEqual([
      "id",
      "createdAt",
      "lastSeenAt",
      "idleExpiresAt",
      "expiresAt",
      "device",
    ]);
  });

  test("records activity, and with watch=1 does not", async () => {
    const token = await functions.logIn("alice");
    const lastSeen = async (query: string) => {
      const { body } = await functions.send("GET /session", { ...bearer(token), query });
      return Date.parse((body["session"] as { lastSeenAt: string }).lastSeenAt);
    };
    const loggedInAt = functions.clock.now;
    functions.clock.now += 5 * MINUTE;
    expect(await lastSeen("watch=1")).toBe(loggedInAt);
    expect(await lastSeen("watch=1")).toBe(loggedInAt);
    expect(await lastSeen("")).toBe(functions.clock.now);
    expect(await lastSeen("watch=1")).toBe(functions.clock.now);
  });

  test.each(["watch=0", "watch=", "watch=1&watch=1"])(
    "with %s is 400 naming the parameter",
    async (query) => {
      expect(await functions.send("GET /session", { query })).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: "watch" }] },
      });
    },
  );

  test("of an idle session is session_expired since the idle timeout", async () => {
    const token = await functions.logIn("alice");
    const endedAt = new Date(functions.clock.now + 30 * MINUTE).toISOString();
    functions.clock.now += 31 * MINUTE;
    expect(await functions.send("GET /session", bearer(token))).toMatchObject({
      status: 401,
      body: { code: "session_expired", endedAt },
    });
  });

  test("of a token nobody has is session_unknown", async () => {
    const answer = await functions.send("GET /session", bearer(SessionToken.generate().reveal()));
    expect(answer).toMatchObject({
      status: 401,
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
      body: { code: "session_unknown" },
    });
  });
});

describe("live", () => {
  const push = {
    url: "wss://realtime.example.com/event/realtime",
    host: "push.example.com",
    publishUrl: "https://push.example.com/event",
  };
  let pushing: Functions;
  beforeAll(async () => {
    pushing = await startFunctions({ settings: { push } });
    await addUsers(pushing.directory, { alice: { isAdmin: true }, bob: {} });
  });
  const liveOf = async (token: string, query = "") => {
    const { body } = await pushing.send("GET /session", { ...bearer(token), query });
    return body["live"] as LiveView | undefined;
  };

  test("says where the page hears of the session's end, always the same, and another for each session", async () => {
    const token = await pushing.logIn("alice");
    const live = await liveOf(token);
    expect(live).toEqual({
      url: push.url,
      host: push.host,
      channel: expect.stringMatching(IS_CHANNEL) as string,
    });
    expect(await liveOf(token, "watch=1")).toEqual(live);
    expect((await liveOf(await pushing.logIn("bob")))?.channel).not.toBe(live?.channel);
  });

  test("is absent where push is off, and for a session that began before it was on", async () => {
    const token = await functions.logIn("alice");
    const off = await functions.send("GET /session", bearer(token));
    expect(Object.keys(off.body)).toEqual(["user", "session"]);

    const { parts } = functions;
    const store = wireStore({ ...parts, settings: { ...parts.settings, push } });
    const later = wireValidate({ ...parts, store, settings: { ...parts.settings, push } });
    const event = eventV2({ ...bearer(token), method: "GET", path: "/session" });
    const { body } = await later(event, lambdaContext());
    expect(Object.keys(JSON.parse(body) as object)).toEqual(["user", "session"]);
  });

  test("is in no login, list or log line", async () => {
    const credentials = { username: "alice", password: PASSWORD, deliver: "token" };
    const login = await pushing.send("POST /login", json(credentials));
    const token = String(login.body["token"]);
    const channel = String((await liveOf(token))?.channel);
    const texts = [login.text];
    for (const route of ["GET /sessions", "GET /admin/sessions"])
      texts.push((await pushing.send(route, bearer(token))).text);
    texts.push(pushing.recorded.text());
    expect(channel).toMatch(IS_CHANNEL);
    for (const text of texts) expect(text).not.toContain(channel);
    expect(Object.keys(login.body)).not.toContain("live");
  });
});

describe("the authorizer", () => {
  const authorize = (sent: object) =>
    functions.invoke("authorize", {
      type: "REQUEST",
      ...sent,
      version: "2.0",
      rawPath: "/x",
      requestContext: { http: { method: "GET" } },
    });

  test("says yes to a live session, with who it is", async () => {
    const token = await functions.logIn("alice");
    const yes = {
      isAuthorized: true,
      context: {
        userId: "alice",
        sessionId: SessionToken.parse(token)?.sessionId("1"),
        isAdmin: false,
        permissions: [],
      },
    };
    expect(await authorize(bearer(token))).toEqual(yes);
    expect(await authorize(cookie(token))).toEqual(yes);
    const format1 = { type: "REQUEST", version: "1.0", httpMethod: "GET", path: "/x", requestContext: {} };
    expect(await functions.invoke("authorize", { ...format1, ...bearer(token) })).toEqual(yes);
  });

  test("says no to an event that no gateway makes", async () => {
    for (const event of [null, "x", {}, { version: "2.0", headers: "x" }, { ...eventV2(), cookies: "x" }]) {
      expect(await functions.invoke("authorize", event)).toEqual({ isAuthorized: false });
    }
  });

  test("says no to a dead, a malformed and a missing one", async () => {
    const token = await functions.logIn("alice");
    await functions.send("POST /logout", bearer(token));
    for (const sent of [bearer(token), bearer("x"), {}])
      expect(await authorize(sent)).toEqual({ isAuthorized: false });
  });

  test("throws when it cannot be sure, which is neither yes nor no", async () => {
    const broken = await startFunctions({
      wrapStore: (store) => ({
        ...store,
        validate: () => Promise.reject(new StoreUnavailableError("gone", { effect: "none" })),
      }),
    });
    const event = {
      version: "2.0",
      rawPath: "/x",
      requestContext: { http: { method: "GET" } },
      ...bearer("A".repeat(43)),
    };
    await expect(broken.invoke("authorize", event)).rejects.toThrow("gone");
    expect(broken.recorded.counts()).toEqual({ Unavailable: 1 });
    const answer = await broken.send("GET /session", bearer("A".repeat(43)));
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(broken.recorded.counts()).toEqual({ Unavailable: 2, ValidationsFailed: 1 });
  });
});
