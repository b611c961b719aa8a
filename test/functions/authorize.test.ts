import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, cookie, startFunctions, type Functions } from "./harness.ts";

const API = "arn:aws:execute-api:eu-central-1:123456789012:abcdef123";
const LOGOUT = "single_session.logout";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {}, carol: { isAdmin: true, permissions: [LOGOUT, "a b"] } });
});
afterAll(() => void vi.restoreAllMocks());

type Headers = Readonly<Record<string, string>>;
const multi = (headers: Headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** What a REST API's REQUEST authorizer is asked with (Amazon API Gateway Developer Guide). */
const restEvent = (headers: Headers) => ({
  type: "REQUEST",
  methodArn: `${API}/prod/GET/orders/7`,
  resource: "/orders/{id}",
  path: "/orders/7",
  httpMethod: "GET",
  headers,
  multiValueHeaders: multi(headers),
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { id: "7" },
  stageVariables: null,
  requestContext: {
    path: "/prod/orders/7",
    stage: "prod",
    requestId: "r",
    identity: { sourceIp: "192.0.2.1", userAgent: null },
  },
});
/** An HTTP API's authorizer in payload format 1.0. */
const httpEventV1 = (headers: Headers) => ({
  ...restEvent(headers),
  version: "1.0",
  methodArn: `${API}/$default/GET/orders/7`,
  identitySource: "",
  authorizationToken: "",
});
/** A WebSocket API's authorizer of `$connect`. */
const connectEvent = (headers: Headers) => ({
  type: "REQUEST",
  methodArn: `${API}/live/$connect`,
  headers,
  multiValueHeaders: multi(headers),
  queryStringParameters: {},
  multiValueQueryStringParameters: {},
  stageVariables: {},
  requestContext: {
    routeKey: "$connect",
    eventType: "CONNECT",
    messageDirection: "IN",
    connectionId: "c=",
    stage: "live",
    requestId: "r",
    domainName: "ws.example.com",
    identity: { sourceIp: "192.0.2.1" },
    apiId: "abcdef123",
  },
});
const tokenEvent = (authorizationToken: string) => ({
  type: "TOKEN",
  authorizationToken,
  methodArn: `${API}/prod/POST/orders`,
});
const KINDS = [
  ["a REST API, type REQUEST", restEvent, `${API}/prod/*`],
  ["an HTTP API in payload format 1.0", httpEventV1, `${API}/$default/*`],
  ["a WebSocket API's $connect", connectEvent, `${API}/live/*`],
  ["a REST API, type TOKEN", ({ Authorization = "" }: Headers) => tokenEvent(Authorization), `${API}/prod/*`],
] as const;

const authorize = (event: unknown) => functions.invoke("authorize", event);
const decision = (effect: "Allow" | "Deny", resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: resource }],
});

describe.each(KINDS)("asked by %s, the authorizer", (_, eventOf, stage) => {
  test("allows a live session everything at the stage, with a context of text and booleans only", async () => {
    const token = await functions.logIn("carol");
    expect(await authorize(eventOf({ Authorization: `Bearer ${token}` }))).toEqual({
      principalId: "carol",
      policyDocument: decision("Allow", stage),
      context: {
        userId: "carol",
        sessionId: SessionToken.parse(token)?.sessionId("1"),
        isAdmin: true,
        permissions: JSON.stringify([LOGOUT, "a b"]),
      },
    });
  });

  test("denies a session that is not live, and says why for the gateway's own 403", async () => {
    const token = await functions.logIn("alice");
    await functions.send("POST /logout", bearer(token));
    const denied = (code: string) => ({
      principalId: "anonymous",
      policyDocument: decision("Deny", stage),
      context: { code },
    });
    expect(await authorize(eventOf({ Authorization: `Bearer ${token}` }))).toEqual(
      denied("session_logged_out"),
    );
    expect(await authorize(eventOf({ Authorization: "Bearer x" }))).toEqual(denied("session_unknown"));
  });

  test("throws when it cannot be sure, which the gateway answers with 500", async () => {
    const broken = await startFunctions({
      wrapStore: (store) => ({
        ...store,
        validate: () => Promise.reject(new StoreUnavailableError("gone", { effect: "none" })),
      }),
    });
    const event = eventOf({ Authorization: `Bearer ${"A".repeat(43)}` });
    await expect(broken.invoke("authorize", event)).rejects.toThrow("gone");
  });
});

describe("asked by a REST API, the authorizer", () => {
  test("takes the cookie, also beside others and whatever the header's case", async () => {
    const token = await functions.logIn("alice");
    const headers = { cookie: `a=1; __Host-session=${token}; b=2` };
    expect(await authorize(restEvent(headers))).toMatchObject({ principalId: "alice" });
    expect(
      await authorize({ ...restEvent({}), headers: null, multiValueHeaders: multi(headers) }),
    ).toMatchObject({ principalId: "alice" });
  });

  test("says no_session where the request carries none", async () => {
    expect(await authorize(restEvent({}))).toMatchObject({ context: { code: "no_session" } });
  });

  test("takes the token of a TOKEN authorizer in each form in which a header carries it", async () => {
    const token = await functions.logIn("alice");
    for (const value of [token, `bearer ${token}`, `x=y; __Host-session=${token}`]) {
      expect(await authorize(tokenEvent(value)), value.slice(0, 8)).toMatchObject({ principalId: "alice" });
    }
    for (const value of ["", "Bearer", "x=y"]) {
      expect(await authorize(tokenEvent(value)), value).toMatchObject({
        policyDocument: decision("Deny", `${API}/prod/*`),
      });
    }
  });

  test("denies an event that no gateway makes", async () => {
    for (const event of [
      { methodArn: `${API}/prod/GET/x` },
      { ...restEvent({}), headers: "x" },
      { ...connectEvent({}), requestContext: { eventType: "MESSAGE" } },
    ]) {
      expect(await authorize(event)).toMatchObject({
        policyDocument: { Statement: [{ Effect: "Deny" }] },
        context: { code: "invalid_request" },
      });
    }
  });

  test("names no path in the policy, where a star or a variable would mean something else", async () => {
    const token = await functions.logIn("alice");
    const event = {
      ...restEvent({ Authorization: `Bearer ${token}` }),
      methodArn: `${API}/prod/GET/a*b/\${aws:userid}`,
    };
    expect(await authorize(event)).toMatchObject({ policyDocument: decision("Allow", `${API}/prod/*`) });
  });
});

describe("asked by a WebSocket API, the authorizer", () => {
  const own = { Host: "ws.example.com" };

  test.each([
    ["the API's own host", { Origin: "https://ws.example.com" }, "Allow"],
    ["an allowed origin", { Origin: "https://app.example.com", "Sec-Fetch-Site": "same-site" }, "Allow"],
    ["a client that is no browser", {}, "Allow"],
    ["a page elsewhere", { Origin: "https://evil.example" }, "Deny"],
    ["a sibling host", { Origin: "https://other.example.com", "Sec-Fetch-Site": "same-site" }, "Deny"],
    ["a page without an origin", { Origin: "null" }, "Deny"],
  ])("looks where a cookie comes from, for browsers ask no preflight: %s", async (_, headers, effect) => {
    const token = await functions.logIn("alice");
    const [Cookie = ""] = cookie(token).cookies ?? [];
    const answer = await authorize(connectEvent({ ...own, ...headers, Cookie }));
    expect(answer).toMatchObject({ policyDocument: { Statement: [{ Effect: effect }] } });
    if (effect === "Deny") expect(answer).toMatchObject({ context: { code: "cross_origin" } });
  });

  test("takes no token from the address, which is logged", async () => {
    const token = await functions.logIn("alice");
    const event = { ...connectEvent(own), queryStringParameters: { token, Authorization: token } };
    expect(await authorize(event)).toMatchObject({ context: { code: "no_session" } });
  });
});

test("asked by an HTTP API in payload format 2.0, which has a routeArn, the authorizer answers in the simple form", async () => {
  const event = {
    type: "REQUEST",
    version: "2.0",
    routeArn: `${API}/$default/GET/x`,
    rawPath: "/x",
    requestContext: { http: { method: "GET" } },
  };
  expect(await authorize({ ...event, ...bearer(await functions.logIn("alice")) })).toMatchObject({
    isAuthorized: true,
  });
  expect(await authorize(event)).toEqual({ isAuthorized: false });
});

test("with onlyThroughCdn the authorizer refuses what came past the CDN, in the form that each API wants", async () => {
  const closed = await startFunctions({ settings: { onlyThroughCdn: true } });
  const sent = { Authorization: `Bearer ${"A".repeat(43)}` };
  for (const event of [restEvent(sent), connectEvent(sent), tokenEvent(sent.Authorization)]) {
    expect(await closed.invoke("authorize", event)).toMatchObject({ context: { code: "cdn_required" } });
  }
  const version2 = {
    version: "2.0",
    rawPath: "/x",
    requestContext: { http: { method: "GET" } },
    headers: sent,
  };
  expect(await closed.invoke("authorize", version2)).toEqual({ isAuthorized: false });
});
