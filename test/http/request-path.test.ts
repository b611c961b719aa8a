import { describe, expect, test } from "vitest";
import { requestPath } from "../../src/http/request-path.ts";

const OWN_HOST = "abc123.execute-api.eu-central-1.amazonaws.com";
const DOMAIN = "api.example.com";

/** What API Gateway's documentation says of its events, for a call of `/login/oidc`. */
describe("the path within the API, and what people have before it", () => {
  const httpApi = (stage: string, rawPath: string) => ({
    version: "2.0",
    rawPath,
    routeKey: "GET /login/oidc",
    requestContext: { stage },
  });
  const httpApiV1 = (stage: string, path: string) => ({
    version: "1.0",
    path,
    resource: "/login/oidc",
    requestContext: { stage, path },
  });
  const restApi = (path: string, asked: string) => ({
    path,
    resource: "/login/oidc",
    requestContext: { stage: "prod", path: asked },
  });

  test.each<[string, Parameters<typeof requestPath>[0], string, string]>([
    ["HTTP API, default stage", httpApi("$default", "/login/oidc"), OWN_HOST, ""],
    ["HTTP API, named stage", httpApi("prod", "/prod/login/oidc"), OWN_HOST, "/prod"],
    ["HTTP API, named stage, a domain of one's own", httpApi("prod", "/prod/login/oidc"), DOMAIN, ""],
    ["HTTP API, named stage, an emulator", httpApi("prod", "/prod/login/oidc"), "localhost:3000", "/prod"],
    ["HTTP API, a stage named like the path", httpApi("login", "/login/login/oidc"), DOMAIN, ""],
    ["HTTP API, format 1.0, named stage", httpApiV1("prod", "/prod/login/oidc"), OWN_HOST, "/prod"],
    ["HTTP API, format 1.0, named stage, own domain", httpApiV1("prod", "/prod/login/oidc"), DOMAIN, ""],
    ["REST API", restApi("/login/oidc", "/prod/login/oidc"), OWN_HOST, "/prod"],
    ["REST API, own domain without a mapping key", restApi("/login/oidc", "/login/oidc"), DOMAIN, ""],
    [
      "REST API, own domain with a mapping key",
      restApi("/auth/login/oidc", "/auth/login/oidc"),
      DOMAIN,
      "/auth",
    ],
    [
      "REST API, a mapping key like the stage",
      restApi("/prod/login/oidc", "/prod/login/oidc"),
      DOMAIN,
      "/prod",
    ],
  ])("%s", (_, event, host, pathPrefix) => {
    expect(requestPath(event, host)).toEqual({ path: "/login/oidc", pathPrefix });
  });

  test("of a route with parameters or a catch-all is the path without the stage", () => {
    const event = { version: "2.0", rawPath: "/prod/sessions/abc", requestContext: { stage: "prod" } };
    for (const routeKey of ["DELETE /sessions/{id}", "ANY /{proxy+}", "$default"]) {
      expect(requestPath({ ...event, routeKey }, DOMAIN)).toEqual({ path: "/sessions/abc", pathPrefix: "" });
    }
    const rest = { path: "/sessions/abc", resource: "/sessions/{id}" };
    expect(
      requestPath({ ...rest, requestContext: { stage: "prod", path: "/prod/sessions/abc" } }, OWN_HOST),
    ).toEqual({ path: "/sessions/abc", pathPrefix: "/prod" });
  });

  test("of an event with a member of the other format, which nothing checked, does not look at it", () => {
    const odd = { resource: [] as unknown as string, routeKey: 7 as unknown as string };
    const version2 = { ...httpApi("$default", "/sessions/"), resource: odd.resource, routeKey: null };
    expect(requestPath(version2, DOMAIN).path).toBe("/sessions/");
    const version1 = { ...httpApiV1("prod", "/prod/login/oidc"), routeKey: odd.routeKey };
    expect(requestPath(version1, DOMAIN).path).toBe("/login/oidc");
  });

  test("keeps a path that only begins like the stage", () => {
    const event = { version: "2.0", rawPath: "/production", requestContext: { stage: "prod" } };
    expect(requestPath(event, DOMAIN).path).toBe("/production");
    expect(requestPath({ ...event, rawPath: "/prod" }, DOMAIN).path).toBe("/");
  });
});
