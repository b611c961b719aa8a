import { describe, expect, test } from "vitest";
import { LARGEST_LOG_OUT_BYTES } from "../../src/api/log-out-users.ts";
import { LARGEST_JOB_BYTES } from "../../src/api/start-job.ts";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { bearer, cookie, json, startFunctions } from "../functions/harness.ts";
import { testClient } from "../support/dynamodb.ts";
import {
  CALLBACK,
  comeBack,
  idOf,
  idToken,
  NEED_SESSION,
  NO_JOB,
  see,
  seen,
  service,
  session,
} from "./seeing.ts";
import { STALE_MS } from "./service.ts";

const FOREIGN = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

describe("a refusal", () => {
  test("of a body is as documented", async () => {
    const admin = bearer(await session("boss")).headers ?? {};
    for (const [route, headers, largest] of [
      ["POST /login", {}, 16 * 1024],
      ["POST /admin/logout", admin, LARGEST_LOG_OUT_BYTES],
      ["POST /admin/jobs", admin, LARGEST_JOB_BYTES],
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
      "POST /admin/jobs",
      `POST /admin/jobs/${NO_JOB}/runs`,
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
      "POST /admin/jobs",
      `POST /admin/jobs/${NO_JOB}/runs`,
      ...NEED_SESSION.filter((needing) => needing.startsWith("GET /admin/")),
    ]) {
      expect(await see(route, alice)).toBe("403 permission_required");
    }
    const staff = bearer(await session("staff"));
    const everybody = json({ userIds: ["boss"], includeAdmins: true }, staff.headers);
    expect(await see("POST /admin/logout", everybody)).toBe("403 permission_required");
    expect(await see("POST /admin/jobs", everybody)).toBe("403 permission_required");
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
