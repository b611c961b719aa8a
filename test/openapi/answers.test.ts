/* eslint-disable max-lines -- each response of each call, once */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { LARGEST_LOG_OUT_BYTES } from "../../src/api/log-out-users.ts";
import { openApiDocument } from "../../openapi/document.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, cookie, json, PASSWORD, startFunctions } from "../functions/harness.ts";
import { testClient } from "../support/dynamodb.ts";
import { logIn } from "../support/store.ts";
import { testAccessTokens } from "./access-token-answers.ts";
import { DocumentedAnswers, shapeOf, type Exchange } from "./documented-answers.ts";
import { IDLE_MS, STALE_MS, startService, type Parts, type Service } from "./service.ts";

let service: Service;
const answers = new DocumentedAnswers(openApiDocument());

beforeAll(async () => {
  service = await startService();
  await addUsers(service.functions.directory, {
    alice: {},
    bob: {},
    staff: { permissions: ["single_session.logout"] },
    boss: { isAdmin: true },
  });
});
afterAll(async () => {
  await service.stop();
  vi.restoreAllMocks();
});
beforeEach(() => {
  service.proxy.interfere(() => undefined);
  // The provider's tokens have the real time; on a slow machine it runs away from a clock that stands still.
  const { clock } = service.functions;
  clock.now = Math.max(clock.now, Date.now());
});

/** What was answered, as the document names it; wrong in any part, it is an error. */
function seen(exchange: Exchange): string {
  expect(answers.compare(exchange)).toEqual([]);
  const body = exchange.text === "" ? {} : (JSON.parse(exchange.text) as { code?: string });
  return body.code === undefined ? String(exchange.status) : `${exchange.status} ${body.code}`;
}
const see = async (route: string, parts?: Parts): Promise<string> => seen(await service.send(route, parts));

const session: Service["session"] = (userId, ago) => service.session(userId, ago);
const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
const idToken = (sub: string): Promise<string> => service.provider.sign({ sub });

const FOREIGN = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

const comeBack: Service["comeBack"] = (name) => service.comeBack(name);
const CALLBACK = "GET /login/oidc/callback";
/** The calls that need a session, with the path that each is tried at. */
const NEED_SESSION = [
  "GET /session",
  "GET /sessions",
  "DELETE /sessions",
  `DELETE /sessions/${"x".repeat(43)}`,
  "POST /admin/logout",
  "GET /admin/sessions",
  `DELETE /admin/sessions/${"x".repeat(43)}`,
  "GET /admin/endings",
  "GET /admin/overview",
  "GET /admin/suspects",
  "GET /admin/activity",
  "GET /sessions/activity",
];

describe("what was asked for", () => {
  test("is answered as documented by each call about sessions", async () => {
    const password = { username: "alice", password: PASSWORD };
    expect(await see("POST /login", json(password))).toBe("201");
    expect(await see("POST /login", json({ ...password, takeover: true, deliver: "token" }))).toBe("201");
    expect(await see("POST /login", json({ idToken: await idToken("maria") }))).toBe("201");
    const [mine, other] = [await session("bob"), await session("bob")];
    expect(await see("GET /session", { ...cookie(mine), query: "watch=1" })).toBe("200");
    expect(await see("GET /sessions", cookie(mine))).toBe("200");
    expect(await see(`DELETE /sessions/${idOf(other)}`, cookie(mine))).toBe("204");
    expect(await see("DELETE /sessions", cookie(mine))).toBe("200");
    expect(await see(`DELETE /sessions/${idOf(mine)}`, cookie(mine))).toBe("204");
    expect(await see("POST /logout", cookie(await session("bob")))).toBe("204");
    expect(await see("POST /logout")).toBe("204");
  });

  test("is answered as documented by each call of administrators", async () => {
    const staff = bearer(await session("staff"));
    await Promise.all([session("bob"), session("boss")]);
    const userIds = { userIds: ["bob", "boss", "nobody"] };
    expect(await see("POST /admin/logout", json(userIds, staff.headers))).toBe("200");
    expect(await see("GET /admin/sessions", { ...staff, query: "limit=1" })).toBe("200");
    expect(await see("GET /admin/endings", { ...staff, query: "userId=bob" })).toBe("200");
    const any = `DELETE /admin/sessions/${idOf(await session("bob"))}`;
    expect(await see(any, { ...staff, query: "dryRun=true" })).toBe("200");
    expect(await see(any, { ...staff, query: "reason=stolen%20laptop" })).toBe("204");
    const dryRun = json({ ...userIds, dryRun: true, reason: "left" }, staff.headers);
    expect(await see("POST /admin/logout", dryRun)).toBe("200");
    await logIn(service.functions.store, "carol");
    await logIn(service.functions.store, "carol");
    expect(await see("GET /admin/endings", { ...staff, query: "userId=carol" })).toBe("200");
  });

  test("is answered as documented by each call about activity", async () => {
    const { clock, tables } = service.functions;
    const documents = testClient();
    const writer = createActivityWriter({ documents, tableName: tables.activity, clock: () => clock.now });
    const device = { label: "Chrome on Windows", class: "desktop" } as const;
    const other = { label: "Firefox on macOS", class: "desktop" } as const;
    const ida = { userId: "ida", sessionId: "U".repeat(43), identitySource: "passwords", device } as const;
    const ended = {
      reason: "displaced",
      by: { id: "ida", device: other.label },
      startedAt: clock.now,
    } as const;
    await writer.putAll([
      { ...ida, id: "one", at: clock.now, kind: "ended", ...ended },
      {
        ...{ ...ida, id: "two", at: clock.now, kind: "contention" },
        ...{ devices: [device, other], suspicion: "displacements", times: 5 },
      },
    ]);
    documents.destroy();
    const staff = bearer(await session("staff"));
    for (const route of ["GET /admin/overview", "GET /admin/suspects", "GET /admin/activity"])
      expect(await see(route, staff)).toBe("200");
    expect(await see("GET /admin/activity", { ...staff, query: "userId=ida&kind=ended" })).toBe("200");
    expect(await see("GET /sessions/activity", bearer(await session("ida")))).toBe("200");
  });

  test("is answered as documented by both calls of the code flow", async () => {
    expect(await see("GET /login/oidc")).toBe("303");
    expect(await see(CALLBACK, await comeBack("maria"))).toBe("303");
  });
});

describe("a token that is worth nothing", () => {
  test.each<[string, () => Promise<Parts>]>([
    ["no_session", () => Promise.resolve({})],
    ["session_unknown", () => Promise.resolve(bearer(SessionToken.generate().reveal()))],
    ["session_expired", async () => bearer(await session("alice", IDLE_MS))],
    [
      "session_displaced",
      async () => {
        const token = await session("eve");
        await logIn(service.functions.store, "eve");
        return bearer(token);
      },
    ],
    [
      "session_logged_out",
      async () => {
        const token = await session("alice");
        await service.send("POST /logout", bearer(token));
        return bearer(token);
      },
    ],
    [
      "session_revoked",
      async () => {
        const token = await session("alice");
        await service.functions.store.revoke({ userIds: ["alice"], revokedBy: "staff" });
        return bearer(token);
      },
    ],
  ])("is %s wherever a session is needed", async (code, parts) => {
    const sent = await parts();
    for (const route of NEED_SESSION)
      expect(`${route} ${await see(route, sent)}`).toBe(`${route} 401 ${code}`);
  });
});

describe("a provider's access token", () => testAccessTokens(() => service, see, NEED_SESSION));

describe("a refusal", () => {
  test("of a body is as documented", async () => {
    const admin = bearer(await session("boss")).headers ?? {};
    for (const [route, headers, largest] of [
      ["POST /login", {}, 16 * 1024],
      ["POST /admin/logout", admin, LARGEST_LOG_OUT_BYTES],
    ] as const) {
      expect(await see(route, json("{", headers))).toBe("400 invalid_json");
      expect(await see(route, json({ userIds: [""], username: 1 }, headers))).toBe("400 invalid_request");
      expect(await see(route, json(" ".repeat(largest + 1), headers))).toBe("413 body_too_large");
      expect(await see(route, { body: "{}", headers })).toBe("415 unsupported_media_type");
    }
  });

  test("of a query or a host is as documented", async () => {
    const admin = bearer(await session("boss"));
    expect(await see("GET /session", { query: "watch=2" })).toBe("400 invalid_request");
    expect(await see("GET /admin/sessions", { ...admin, query: "limit=0" })).toBe("400 invalid_request");
    expect(await see("GET /admin/endings", admin)).toBe("400 invalid_request");
    for (const route of [
      "GET /admin/overview",
      "GET /admin/suspects",
      "GET /admin/activity",
      "GET /sessions/activity",
    ])
      expect(await see(route, { ...admin, query: "limit=0" })).toBe("400 invalid_request");
    const ending = `DELETE /admin/sessions/${"x".repeat(43)}`;
    expect(await see(ending, { ...admin, query: "dryRun=yes" })).toBe("400 invalid_request");
    expect(await see("GET /login/oidc", { query: "returnTo=//evil.example" })).toBe("400 invalid_request");
    const back = await comeBack("maria");
    expect(await see(CALLBACK, { ...back, headers: { host: "no host" } })).toBe("400 invalid_request");
  });

  test("of credentials is as documented", async () => {
    const wrong = { username: "alice", password: "wrong" };
    expect(await see("POST /login", json(wrong))).toBe("401 invalid_credentials");
    expect(await see("POST /login", json({ idToken: "a.b.c" }))).toBe("401 invalid_credentials");
    expect(await see(CALLBACK, { query: "state=x" })).toBe("401 oidc_failed");
    const { cookies, state } = await comeBack("maria");
    const refused = `state=${state}&error=access_denied&iss=${encodeURIComponent(service.provider.issuer)}`;
    expect(await see(CALLBACK, { cookies, query: refused })).toBe("401 oidc_failed");
    const none = await startFunctions({ directory: "none" });
    const nobody = await none.send("POST /login", json(wrong));
    expect(seen({ method: "POST", path: "/login", ...nobody })).toBe("404 not_found");
  });

  test("after too many attempts is as documented", async () => {
    const {
      tables: { signIn: tableName },
      clock,
    } = service.functions;
    const throttle = createLoginThrottle({ documents: testClient(), tableName, clock: () => clock.now });
    for (let attempts = 0; attempts < 10; attempts++) await throttle.admit("mallory", {});
    const attempt = json({ username: "mallory", password: "guess" });
    expect(await see("POST /login", attempt)).toBe("429 too_many_attempts");
  });

  test("at the session limit is as documented", async () => {
    expect(await see("POST /login", json({ idToken: await idToken("asked") }))).toBe("201");
    expect(await see("POST /login", json({ idToken: await idToken("asked") }))).toBe("409 session_limit");
    expect(await see(CALLBACK, await comeBack("asked"))).toBe("409 session_limit");
  });

  test("of a page of another origin is as documented", async () => {
    const token = await session("boss");
    const foreign = { ...cookie(token), headers: FOREIGN };
    for (const route of [
      "POST /login",
      "POST /logout",
      "DELETE /sessions",
      `DELETE /sessions/${idOf(token)}`,
      "POST /admin/logout",
      `DELETE /admin/sessions/${idOf(token)}`,
      "GET /login/oidc",
    ]) {
      expect(`${route} ${await see(route, foreign)}`).toBe(`${route} 403 cross_origin`);
    }
  });

  test("of what came past the CDN is as documented", async () => {
    const closed = { onlyThroughCdn: true } as const;
    const functions = await startFunctions({ settings: closed });
    for (const route of ["POST /login", "POST /logout", ...NEED_SESSION]) {
      const [method = "", path = ""] = route.split(" ");
      expect(seen({ method, path, ...(await functions.send(route)) })).toBe("403 cdn_required");
    }
    for (const route of ["GET /login/oidc", CALLBACK]) {
      const exchange = await service.sendToFreshFlow(route, {}, undefined, closed);
      expect(seen(exchange)).toBe("403 cdn_required");
    }
  });

  test("for want of a permission, a newer login or such a session is as documented", async () => {
    const alice = bearer(await session("alice"));
    for (const route of [
      "POST /admin/logout",
      ...NEED_SESSION.filter((needing) => needing.startsWith("GET /admin/")),
    ]) {
      expect(await see(route, alice)).toBe("403 permission_required");
    }
    const staff = bearer(await session("staff"));
    const everybody = json({ userIds: ["boss"], includeAdmins: true }, staff.headers);
    expect(await see("POST /admin/logout", everybody)).toBe("403 permission_required");
    const bosss = `DELETE /admin/sessions/${idOf(await session("boss"))}`;
    expect(await see(bosss, staff)).toBe("403 permission_required");
    const nobodys = `DELETE /admin/sessions/${idOf(SessionToken.generate().reveal())}`;
    expect(await see(nobodys, staff)).toBe("404 not_found");
    const stranger = `DELETE /sessions/${idOf(SessionToken.generate().reveal())}`;
    expect(await see(stranger, alice)).toBe("404 not_found");
    const stale = bearer(await session("alice", STALE_MS));
    expect(await see(stranger, stale)).toBe("403 reauthentication_required");
    expect(await see("DELETE /sessions", stale)).toBe("403 reauthentication_required");
  });
});

describe("a fault", () => {
  /** Every call, ready to be sent. */
  async function everyCall(): Promise<[string, Parts][]> {
    const token = await session("alice");
    return [
      ["POST /login", json({ idToken: await idToken("maria") })],
      ["POST /logout", bearer(token)],
      [CALLBACK, await comeBack("maria")],
      ...NEED_SESSION.map((route): [string, Parts] => [route, bearer(token)]),
    ];
  }

  test("of the database's, where asking again cannot help, is 500 as documented", async () => {
    const calls = await everyCall();
    service.proxy.interfere(() => ({
      fault: "error",
      type: "com.amazon.coral.service#AccessDeniedException",
    }));
    for (const [route, parts] of calls)
      expect(`${route} ${await see(route, parts)}`).toBe(`${route} 500 internal`);
  });

  test("of the connection to the database is 503 as documented", async () => {
    const calls = await everyCall();
    service.proxy.interfere(() => ({ fault: "drop-request" }));
    for (const [route, parts] of calls) {
      expect(`${route} ${await see(route, parts)}`).toBe(`${route} 503 unavailable`);
    }
  });

  test("that leaves open whether a change was made is 503 as documented", async () => {
    const token = await session("alice");
    const calls: [string, Parts][] = [
      ["POST /login", json({ idToken: await idToken("maria") })],
      ["POST /logout", bearer(token)],
      ["DELETE /sessions", bearer(token)],
      [`DELETE /sessions/${idOf(token)}`, bearer(token)],
      [`DELETE /admin/sessions/${idOf(token)}`, bearer(await session("boss"))],
      [CALLBACK, await comeBack("maria")],
    ];
    service.proxy.interfere(({ operation }) =>
      operation === "TransactWriteItems" ? { fault: "drop-request" } : undefined,
    );
    const codes = await Promise.all(calls.map(([route, parts]) => see(route, parts)));
    expect(codes).toEqual(calls.map(() => "503 outcome_unknown"));
  });

  test("of the session policy is 500 as documented", async () => {
    expect(await see("POST /login", json({ idToken: await idToken("broken") }))).toBe("500 policy_failed");
    expect(await see(CALLBACK, await comeBack("broken"))).toBe("500 policy_failed");
  });

  test("of the provider, or inside, at the beginning of a sign-in is as documented", async () => {
    const broken = (): never => {
      throw new Error("no entropy");
    };
    expect(seen(await service.sendToFreshFlow("GET /login/oidc", {}, broken))).toBe("500 internal");
    service.provider.breakDown();
    expect(seen(await service.sendToFreshFlow("GET /login/oidc", {}))).toBe("503 unavailable");
    service.provider.restart();
  });
});

test("each example of an answer has the members of an answer seen above", () => {
  const seenShapes = new Map<string, Set<string>>();
  for (const { name, body } of answers.seen()) {
    const key = (body as { code?: string } | undefined)?.code ?? name;
    seenShapes.set(key, (seenShapes.get(key) ?? new Set()).add(shapeOf(body)));
  }
  const unlike = answers.examples().filter(({ name, value }) => !seenShapes.get(name)?.has(shapeOf(value)));
  expect(unlike).toEqual([]);
});

test("all of the document's answers have been seen above", () => {
  expect(answers.missing()).toEqual([]);
  expect(answers.documented().length).toBeGreaterThan(100);
});
