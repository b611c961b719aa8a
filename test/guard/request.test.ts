import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { readGuardedRequest, type HeaderValues, type RequestLike } from "../../guard/request.ts";
import { eventV1, eventV2 } from "../http/events.ts";

const BEARER = "Bearer abc";
const COOKIE = "theme=dark; __Host-session=abc";

describe("headers are read in every shape that people have them:", () => {
  const shapes: readonly (readonly [string, RequestLike | HeaderValues, string?])[] = [
    ["a record", { authorization: BEARER, cookie: COOKIE }],
    ["a record, names in any case", { Authorization: BEARER, COOKIE }],
    ["a record of lists", { authorization: [BEARER], cookie: ["theme=dark", "__Host-session=abc"] }],
    [
      "a record with a name in two cases",
      { authorization: BEARER, Cookie: "theme=dark", cookie: "__Host-session=abc" },
    ],
    ["a record with absent values", { authorization: BEARER, cookie: COOKIE, host: undefined, origin: null }],
    [
      "a record without a prototype",
      Object.assign(Object.create(null), { authorization: BEARER, cookie: COOKIE }),
    ],
    [
      "a record that has a header of the name headers",
      { headers: "x", authorization: BEARER, cookie: COOKIE },
    ],
    ["Fetch headers", new Headers({ authorization: BEARER, cookie: COOKIE })],
    [
      "a map",
      new Map([
        ["Authorization", BEARER],
        ["Cookie", COOKIE],
      ]),
    ],
    [
      "pairs",
      [
        ["authorization", BEARER],
        ["cookie", "theme=dark"],
        ["cookie", "__Host-session=abc"],
      ],
    ],
    [
      "a Fetch request",
      new Request("https://x.example", { method: "PUT", headers: { authorization: BEARER, cookie: COOKIE } }),
      "PUT",
    ],
    [
      "a request with Fetch headers",
      { method: "POST", headers: new Headers({ authorization: BEARER, cookie: COOKIE }) },
      "POST",
    ],
    [
      "an HTTP API's event",
      eventV2({
        method: "PUT",
        headers: { Authorization: BEARER },
        cookies: ["theme=dark", "__Host-session=abc"],
      }),
      "PUT",
    ],
    [
      "a REST API's event",
      eventV1({
        method: "PUT",
        headers: { Authorization: BEARER },
        cookies: ["theme=dark", "__Host-session=abc"],
      }),
      "PUT",
    ],
    [
      "a load balancer's event with several values",
      {
        httpMethod: "PUT",
        multiValueHeaders: { authorization: [BEARER], cookie: ["theme=dark", "__Host-session=abc"] },
        requestContext: { elb: {} },
      },
      "PUT",
    ],
    [
      "a REST API's event of the console's test, with both",
      {
        httpMethod: "PUT",
        headers: null,
        multiValueHeaders: { authorization: [BEARER], cookie: [COOKIE] },
        requestContext: {},
      },
      "PUT",
    ],
  ];

  test.each(shapes.map(([name, source, method]) => ({ name, source, method })))(
    "$name",
    ({ source, method }) => {
      const read = readGuardedRequest(source);
      expect(read.headers.get("authorization")).toBe(BEARER);
      expect(read.headers.get("cookie")).toBe(COOKIE);
      expect(read.method).toBe(method);
    },
  );

  test("a request of Node's own server", async () => {
    const seen = Promise.withResolvers<ReturnType<typeof readGuardedRequest>>();
    const server = createServer((incoming, outgoing) => {
      seen.resolve(readGuardedRequest(incoming));
      outgoing.end();
    }).listen(0);
    const { port } = server.address() as AddressInfo;
    send({
      port,
      method: "PUT",
      headers: { Authorization: BEARER, Cookie: ["theme=dark", "__Host-session=abc"] },
    }).end();
    const { headers, method } = await seen.promise;
    server.close();
    expect([headers.get("authorization"), headers.get("cookie"), method]).toEqual([BEARER, COOKIE, "PUT"]);
  });
});

test("what HTTP/2 has in place of a host is the host", () => {
  expect(readGuardedRequest({ ":authority": "api.example.com" }).headers.get("host")).toBe("api.example.com");
  const both = { ":authority": "a.example", host: "b.example" };
  expect(readGuardedRequest(both).headers.get("host")).toBe("b.example");
});

test("several values of one header are joined, so that two tokens are none", () => {
  const twice = { authorization: ["Bearer a", "Bearer b"] };
  expect(readGuardedRequest(twice).headers.get("authorization")).toBe("Bearer a, Bearer b");
});

test("a cookie header beside an event's cookies does not count: no gateway makes one", () => {
  const event = { ...eventV2({ cookies: ["a=1"] }), headers: { cookie: "__Host-session=planted" } };
  expect(readGuardedRequest(event).headers.get("cookie")).toBe("a=1");
});

test.each([undefined, null, "Bearer x", 5, { headers: {}, multiValueHeaders: 7 as unknown as HeaderValues }])(
  "%j is no request, and the error says what is accepted",
  (source) => {
    expect(() => readGuardedRequest(source as HeaderValues)).toThrow(/accepted are a request/);
  },
);

const EMPTY: readonly (RequestLike | HeaderValues)[] = [{ headers: null }, { headers: undefined }, {}, []];

test.each(EMPTY)("%j has no headers", (source) => {
  expect(readGuardedRequest(source).headers.size).toBe(0);
});
