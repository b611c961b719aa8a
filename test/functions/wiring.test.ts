import type { Context } from "aws-lambda";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ENVIRONMENT, type FunctionSettings } from "../../src/runtime/function-settings.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createDirectoryTable, createSessionsTable, createSignInTable } from "../support/dynamodb.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";
import { eventV2, lambdaContext } from "../http/events.ts";
import { bearer, json, MINUTE } from "./harness.ts";

let environment: Record<string, string>;
beforeAll(async () => {
  environment = {
    AWS_ENDPOINT_URL_DYNAMODB: testDatabaseEndpoint(),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    POWERTOOLS_DEV: "true",
    [ENVIRONMENT.sessionsTable]: await createSessionsTable(),
    [ENVIRONMENT.usersTable]: await createDirectoryTable(),
    [ENVIRONMENT.signInTable]: await createSignInTable(),
    [ENVIRONMENT.settings]: JSON.stringify({
      era: "1",
      timeouts: { idle: 30 * MINUTE, absolute: 720 * MINUTE },
      logoutAllSessions: true,
      reauthWithin: 15 * MINUTE,
      policy: ONE_SESSION,
      allowedOrigins: [],
    } satisfies FunctionSettings),
  };
});
beforeEach(() => {
  vi.resetModules();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(console, "info").mockImplementation((line: string) => recordOutput("log", line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The file Lambda loads, loaded anew with the environment as it is. */
const load = async (name: string) =>
  (
    (await import(`../../functions/${name}.ts`)) as {
      handler: (event: unknown, context: Context) => Promise<Record<string, unknown>>;
    }
  ).handler;

describe("the files Lambda loads, wired by their environment alone", () => {
  test("log somebody in, say who it is, list, and log out, over one table", async () => {
    const [login, validate, authorize] = [
      await load("login"),
      await load("validate"),
      await load("authorize"),
    ];
    const { token } = await login({ user: { id: "corp:7", isAdmin: true } }, lambdaContext());
    const sent = bearer(String(token));
    expect(await validate(eventV2(sent), lambdaContext())).toMatchObject({ statusCode: 200 });
    expect(await authorize(eventV2(sent), lambdaContext())).toMatchObject({ isAuthorized: true });
    const list = await load("list-sessions");
    const listing = { ...sent, path: "/admin/sessions", query: "userId=corp:7" };
    expect(await list(eventV2(listing), lambdaContext())).toMatchObject({ statusCode: 200 });
    const endOthers = await load("end-session");
    const ending = { ...sent, method: "DELETE", path: "/sessions" };
    expect(await endOthers(eventV2(ending), lambdaContext())).toMatchObject({ body: '{"sessionCount":0}' });
    const adminLogout = await load("admin-logout");
    expect(await adminLogout({ userIds: ["corp:9"] }, lambdaContext())).toMatchObject({ skipped: [] });
    const logout = await load("logout");
    const leaving = { ...sent, method: "POST", path: "/logout" };
    expect(await logout(eventV2(leaving), lambdaContext())).toMatchObject({ statusCode: 204 });
    expect(await validate(eventV2(sent), lambdaContext())).toMatchObject({ statusCode: 401 });
  });

  test.each([
    ["none", []],
    ["all", ["GET /session", "authorize"]],
  ] as const)(
    "write %s of a live session's validations into the log, and each refused one",
    async (log, live) => {
      const settings = JSON.parse(environment[ENVIRONMENT.settings] ?? "") as FunctionSettings;
      vi.stubEnv(
        ENVIRONMENT.settings,
        JSON.stringify({ ...settings, ...(log === "all" && { logValidations: log }) }),
      );
      const written: string[] = [];
      vi.spyOn(console, "info").mockImplementation((line: string) => {
        written.push(line);
        recordOutput("log", line);
      });
      const [login, validate, authorize] = [
        await load("login"),
        await load("validate"),
        await load("authorize"),
      ];
      const { token } = await login({ user: { id: "corp:8" } }, lambdaContext());
      const routes = () =>
        written.splice(0).map((line) => (JSON.parse(line) as { readonly route?: string }).route);
      routes();
      await validate(eventV2(bearer(String(token))), lambdaContext());
      await authorize(eventV2(bearer(String(token))), lambdaContext());
      expect(routes()).toEqual(live);
      await validate(eventV2(bearer("nobody's")), lambdaContext());
      await authorize(eventV2(bearer("nobody's")), lambdaContext());
      expect(routes()).toEqual(["GET /session", "authorize"]);
    },
  );

  test("have password logins only where the directory's table is named", async () => {
    const request = eventV2({
      method: "POST",
      path: "/login",
      ...json({ username: "alice", password: "x" }),
    });
    expect(await (await load("login"))(request, lambdaContext())).toMatchObject({ statusCode: 401 });
    vi.resetModules();
    vi.stubEnv(ENVIRONMENT.usersTable, undefined);
    expect(await (await load("login"))(request, lambdaContext())).toMatchObject({ statusCode: 404 });
  });

  test.each([ENVIRONMENT.sessionsTable, ENVIRONMENT.settings])(
    "without %s fail at once and name it",
    async (name) => {
      vi.stubEnv(name, undefined);
      await expect(load("validate")).rejects.toThrow(`environment variable ${name} is missing`);
    },
  );
});
