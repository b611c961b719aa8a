import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ app: "test/local/fixture-app.ts", context: { variant: "plain" } });
});
afterAll(() => stack.stop());

interface Event {
  readonly [field: string]: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
}

async function eventOf(path: string, init: RequestInit = {}): Promise<Event> {
  const response = await fetch(stack.url + path, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Event;
}

describe("the event of payload format 2.0", () => {
  test("a request with repeated query parameters gives them joined with commas, and the query string as sent", async () => {
    const event = await eventOf("/echo?a=1&a=2&b=x%20y&c");
    expect(event).toMatchObject({
      version: "2.0",
      routeKey: "GET /echo",
      rawPath: "/echo",
      rawQueryString: "a=1&a=2&b=x%20y&c",
      queryStringParameters: { a: "1,2", b: "x y", c: "" },
      isBase64Encoded: false,
    });
  });

  test("cookies come apart from the headers", async () => {
    const event = await eventOf("/echo", { headers: { cookie: "one=1; two=a=b;" } });
    expect(event["cookies"]).toEqual(["one=1", "two=a=b"]);
    expect(event.headers).not.toHaveProperty("cookie");
  });

  test("headers have lower-case names, and duplicates are joined with commas", async () => {
    const answer = await raw(
      "GET /echo HTTP/1.1\r\nHost: h\r\nX-Many: one\r\nx-many: two\r\nConnection: close\r\n\r\n",
    );
    const event = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as Event;
    expect(event.headers).toMatchObject({ "x-many": "one,two", host: "h" });
    expect(event.headers).not.toHaveProperty("connection");
  });

  test("a client cannot say where it comes from", async () => {
    const event = await eventOf("/echo", {
      headers: { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "user-agent": "tester" },
    });
    expect(event.headers["x-forwarded-for"]).toMatch(/^203\.0\.113\.9, (127\.0\.0\.1|::1)$/);
    expect(event.headers["x-forwarded-proto"]).toBe("http");
    expect(event.requestContext["http"]).toEqual({
      method: "GET",
      path: "/echo",
      protocol: "HTTP/1.1",
      sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as unknown,
      userAgent: "tester",
    });
  });

  test("a request without query, cookies, body and path parameters leaves those fields out", async () => {
    const event = await eventOf("/echo");
    expect(Object.keys(event)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/queryStringParameters|cookies|body|pathParameters/)]),
    );
  });

  test("times and ids are the request's own", async () => {
    const before = Date.now();
    const { requestContext } = await eventOf("/echo");
    expect(requestContext["timeEpoch"]).toBeGreaterThanOrEqual(before);
    expect(requestContext["time"]).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(requestContext).toMatchObject({ stage: "$default", domainName: new URL(stack.url).host });
    const again = await eventOf("/echo");
    expect(again.requestContext["requestId"]).not.toBe(requestContext["requestId"]);
  });

  test.each([
    ["application/json", '{"ä":1}', false],
    ["application/json; charset=utf-8", "{}", false],
    ["text/plain", "héllo", false],
    ["application/x-www-form-urlencoded", "a=b", true],
    ["application/problem+json", "{}", true],
    ["application/octet-stream", "x", true],
  ])("a body of the type %s comes with isBase64Encoded as HTTP APIs have it", async (type, body, encoded) => {
    const event = await eventOf("/echo", { method: "POST", headers: { "content-type": type }, body });
    expect(event["isBase64Encoded"]).toBe(encoded);
    const received = event["body"] as string;
    expect(encoded ? Buffer.from(received, "base64").toString() : received).toBe(body);
  });

  test("bytes that are no text arrive unharmed", async () => {
    const body = Buffer.from([0, 255, 128, 10]);
    const event = await eventOf("/echo", { method: "POST", headers: { "content-type": "image/png" }, body });
    expect(Buffer.from(event["body"] as string, "base64")).toEqual(body);
  });
});

describe("routes", () => {
  test.each([
    [
      "GET",
      "/echo/a%20b",
      { routeKey: "GET /echo/{id}", pathParameters: { id: "a b" }, rawPath: "/echo/a b" },
    ],
    ["GET", "/echo/fixed", { routeKey: "GET /echo/fixed" }],
    ["PUT", "/echo/fixed", { routeKey: "ANY /echo/fixed" }],
    ["DELETE", "/files/a/b%2Bc", { routeKey: "ANY /files/{proxy+}", pathParameters: { proxy: "a/b+c" } }],
  ])("%s %s takes the most specific route", async (method, path, expected) => {
    expect(await eventOf(path, { method })).toMatchObject(expected);
  });

  test.each([
    ["GET", "/nowhere"],
    ["DELETE", "/echo"],
    ["GET", "/echo/"],
    ["GET", "/echo/a/b"],
    ["GET", "/files"],
    ["GET", "/files/"],
  ])("%s %s has no route and is answered 404", async (method, path) => {
    const response = await fetch(stack.url + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: "Not Found" });
  });

  test("a path that cannot be decoded is answered 400", async () => {
    expect((await fetch(`${stack.url}/echo/%E0%A4%A`)).status).toBe(400);
  });

  test("a body of 10 MB arrives, and one byte more is answered 413", async () => {
    const send = (bytes: number) =>
      fetch(`${stack.url}/respond`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"statusCode":201}`.padEnd(bytes),
      });
    expect((await send(10 * 1024 * 1024)).status).toBe(201);
    expect((await send(10 * 1024 * 1024 + 1)).status).toBe(413);
  });
});

async function respond(answer: unknown, path = "/respond"): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(stack.url + path, { method: "POST", headers, body: JSON.stringify(answer) });
}

describe("the response of payload format 2.0", () => {
  test("an answer without a status code is the body of a 200", async () => {
    const response = await respond({ hello: "world" });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await response.json()).toEqual({ hello: "world" });
    expect(await (await respond("just text")).text()).toBe("just text");
  });

  test("several cookies become several headers", async () => {
    const response = await respond({ statusCode: 204, cookies: ["a=1; Path=/", "b=2"] });
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2"]);
  });

  test("status, headers and body are the function's", async () => {
    const headers = { "Content-Type": "text/html", "X-Number": 1, "X-Flag": true, "Content-Length": "1" };
    const response = await respond({ statusCode: 418, headers, body: "<p>tea</p>" });
    expect(response.status).toBe(418);
    expect(Object.fromEntries(response.headers)).toMatchObject({ "x-number": "1", "x-flag": "true" });
    expect(await response.text()).toBe("<p>tea</p>");
  });

  test("a body without a type is plain text, and one in base64 is decoded", async () => {
    const response = await respond({ statusCode: 200, body: "aMOp", isBase64Encoded: true });
    expect(response.headers.get("content-type")).toBe("text/plain;charset=UTF-8");
    expect(await response.text()).toBe("hé");
  });

  test.each([
    ["a status that is no number", { statusCode: "OK" }],
    ["a status out of range", { statusCode: 99 }],
    ["a body that is no text", { statusCode: 200, body: { a: 1 } }],
    ["cookies that are no list", { statusCode: 200, cookies: "a=1" }],
    ["a header that cannot be sent", { statusCode: 200, headers: { "x-bad": "a\r\nb: c" } }],
  ])("%s is answered 500 and nothing else", async (_, answer) => {
    const response = await respond(answer);
    expect(response.status).toBe(500);
    expect(response.headers.get("x-bad")).toBeNull();
    expect(await response.json()).toEqual({ message: "Internal Server Error" });
  });
});

describe("payload format 1.0", () => {
  test("the event has single and multiple values, and nulls for what is absent", async () => {
    const event = await eventOf("/v1/echo/7?a=1&a=2", { method: "POST", headers: { cookie: "c=1" } });
    expect(event).toMatchObject({
      version: "1.0",
      resource: "/v1/echo/{id}",
      path: "/v1/echo/7",
      httpMethod: "POST",
      pathParameters: { id: "7" },
      queryStringParameters: { a: "2" },
      multiValueQueryStringParameters: { a: ["1", "2"] },
      headers: { cookie: "c=1" },
      multiValueHeaders: { cookie: ["c=1"] },
      body: null,
    });
  });

  test("multiple headers of the answer win over single ones, and no status code is answered 500", async () => {
    const answer = {
      statusCode: 200,
      headers: { "X-A": "0" },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
    };
    const response = await respond(answer, "/v1/respond");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect((await respond({ hello: "world" }, "/v1/respond")).status).toBe(500);
  });
});

describe("other origins", () => {
  const origin = "https://app.example.com";

  test("the preflight of an allowed origin is answered with what the API allows", async () => {
    const { status, headers } = await preflight("/echo", origin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "600",
    });
  });

  test("another origin gets no permission", async () => {
    const { status, headers } = await preflight("/echo", "https://app.example.com.evil.test");
    expect(status).toBe(204);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("the function's own headers for other origins are replaced", async () => {
    const body = JSON.stringify({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } });
    const type = "application/json";
    const send = (from: string) =>
      fetch(`${stack.url}/respond`, {
        method: "POST",
        headers: { origin: from, "content-type": type },
        body,
      });
    const allowed = (await send(origin)).headers;
    expect(allowed.get("access-control-allow-origin")).toBe(origin);
    expect(allowed.get("access-control-expose-headers")).toBe("retry-after");
    expect((await send("https://evil.test")).headers.get("access-control-allow-origin")).toBeNull();
  });
});

async function preflight(path: string, origin: string) {
  const headers = { origin, "access-control-request-method": "POST" };
  return new Promise<{ status: number | undefined; headers: object }>((resolve, reject) => {
    const request = httpRequest(stack.url + path, { method: "OPTIONS", headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    request.on("error", reject).end();
  });
}

async function raw(request: string): Promise<string> {
  const socket = connect(stack.port, "127.0.0.1");
  socket.write(request);
  return text(socket);
}
