import { describe, expect, test } from "vitest";
import { payloadFormat, readRequest } from "../../src/http/request.ts";
import { eventV1, eventV2 } from "./events.ts";

describe.each([
  ["1.0", eventV1, "192.0.2.1", "request-1"],
  ["2.0", eventV2, "192.0.2.2", "request-2"],
] as const)("payload format %s", (format, event, address, requestId) => {
  test("reads method, path, source address, user agent and request id", () => {
    const request = readRequest(event({ method: "POST", path: "/login", headers: { "X-One": "1" } }));
    expect(request).toMatchObject({
      method: "POST",
      path: "/login",
      route: "POST /login",
      sourceAddress: address,
      userAgent: "tests/1",
      requestId,
    });
    expect(request.headers.get("x-one")).toBe("1");
    expect(request.body).toBeUndefined();
    expect(payloadFormat(event())).toBe(format);
  });

  test("several cookies are one cookie header", () => {
    expect(readRequest(event({ cookies: ["a=1", "b=2"] })).headers.get("cookie")).toBe("a=1; b=2");
  });

  test("query parameters are decoded, and repeated ones all kept", () => {
    const { query } = readRequest(event({ query: "userId=a%2Bb%20%C3%A9&x=1&x=2" }));
    expect(query.get("userId")).toBe("a+b é");
    expect(query.getAll("x")).toEqual(["1", "2"]);
  });

  test("a header named like a property of objects is only a header", () => {
    const headers = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const request = readRequest({ ...event(), headers });
    expect(request.headers.get("constructor")).toBe("y");
    expect(request.headers.get("tostring")).toBeUndefined();
    expect(readRequest(event()).headers.get("__proto__")).toBeUndefined();
  });

  test("an empty body is none, a base64 body says so", () => {
    expect(readRequest(event({ body: "" })).body).toBeUndefined();
    expect(readRequest(event({ body: "e30=", base64: true })).body).toEqual({ text: "e30=", base64: true });
  });
});

test("an HTTP API's event of format 1.0, which names its version, is read as 1.0", () => {
  expect(payloadFormat({ ...eventV1(), version: "1.0" })).toBe("1.0");
});

test("a cookie header inside format 2.0's headers does not add to its cookies", () => {
  const event = { ...eventV2({ cookies: ["a=1"] }), headers: { cookie: "a=2" } };
  expect(readRequest(event).headers.get("cookie")).toBe("a=1");
});

test("header values of format 1.0 that came in several lines are joined by a comma", () => {
  const event = { ...eventV1(), multiValueHeaders: { "X-Many": ["1", "2"] } };
  expect(readRequest(event).headers.get("x-many")).toBe("1, 2");
});

test("where the route is a catch-all, the path stands for it", () => {
  expect(readRequest({ ...eventV2({ path: "/session" }), routeKey: "$default" }).route).toBe("GET /session");
});
