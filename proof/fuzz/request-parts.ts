import fc, { type Arbitrary } from "fast-check";
import type { Mutation, RequestInput } from "./inputs.ts";
import { ADDRESSES, DEAD_NAMES, LIVE_NAMES } from "./people.ts";
import { hostileJson, hostileText } from "./values.ts";

/** How a request says who sends it: header lines and cookies. */
type Credentials = Pick<RequestInput, "headers" | "cookies">;

const bearer = (text: string): Credentials => ({ headers: [["authorization", text]], cookies: [] });
const cookies = (...all: string[]): Credentials => ({ headers: [], cookies: all });

const liveToken = fc.constantFrom(...LIVE_NAMES).map((name) => `{{token:${name}}}`);
const anyToken = fc.constantFrom(...LIVE_NAMES, ...DEAD_NAMES).map((name) => `{{token:${name}}}`);

const BENT_BEARERS = [
  ...["Bearer", "Bearer ", "bearer   {{token:alice}}", "BEARER {{token:alice}} ", "Bearer\t{{token:alice}}"],
  ...[
    "Bearer {{token:alice}}, Bearer {{token:admin}}",
    "Basic {{token:alice}}",
    "{{token:alice}}",
    "Bearer {{token:alice}}=",
  ],
  ...[
    `Bearer ${"A".repeat(43)}`,
    `Bearer ${"A".repeat(44)}`,
    `Bearer ${"A".repeat(9000)}`,
    'Bearer "{{token:alice}}"',
  ],
];
const BENT_COOKIES: readonly (readonly string[])[] = [
  ["__Host-session={{token:alice}}", "__Host-session={{token:admin}}"],
  ["__Host-session={{token:displaced}}", "__Host-session={{token:alice}}"],
  ["__Host-session=", "__Host-session={{token:alice}}"],
  ["__host-session={{token:alice}}"],
  ["session={{token:alice}}"],
  ["__Host-session={{token:alice}}; __Host-session={{token:staff}}"],
  ['__Host-session="{{token:alice}}"'],
  ["__Host-session=%7B%zz"],
  ["__Host-session=%"],
  ["__Host-session=%E0%A4%A"],
  ["__Host-session"],
  ["=__Host-session"],
  ["", ";", "; ;", "="],
  ["__proto__=1", "constructor=2", "toString=3"],
  [`__Host-session=${"A".repeat(9000)}`],
  Array.from({ length: 300 }, (_, index) => `c${index}=v`),
  Array.from({ length: 100 }, () => "__Host-session=x"),
  [`__Host-device=${"d".repeat(43)}`, "__Host-session={{token:alice}}"],
  ["__Host-device=%00", "__Host-oidc=%00"],
  ["\u0000=\u0000", "\ud800=\ud800"],
];

/** Nobody's, a live session's, one that has ended, several at once, and what is no token at all. */
export const credentials: Arbitrary<Credentials> = fc.oneof(
  { weight: 6, arbitrary: liveToken.map((token) => bearer(`Bearer ${token}`)) },
  { weight: 4, arbitrary: liveToken.map((token) => cookies(`__Host-session=${token}`)) },
  { weight: 3, arbitrary: anyToken.map((token) => bearer(`Bearer ${token}`)) },
  { weight: 2, arbitrary: anyToken.map((token) => cookies(`__Host-session=${token}`)) },
  { weight: 1, arbitrary: fc.constant(cookies()) },
  {
    weight: 1,
    arbitrary: fc.tuple(anyToken, anyToken).map(([one, other]) => ({
      headers: [["authorization", `Bearer ${one}`] as const],
      cookies: [`__Host-session=${other}`],
    })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...BENT_BEARERS).map(bearer) },
  { weight: 2, arbitrary: fc.constantFrom(...BENT_COOKIES).map((all) => cookies(...all)) },
  { weight: 1, arbitrary: hostileText.map((text) => bearer(`Bearer ${text}`)) },
  { weight: 1, arbitrary: hostileText.map((text) => cookies(`__Host-session=${text}`)) },
);

/** The same, half of the time of somebody who may end others' sessions. */
export const administratorsCredentials: Arbitrary<Credentials> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom("{{token:staff}}", "{{token:admin}}").map((it) => bearer(`Bearer ${it}`)),
  },
  { weight: 1, arbitrary: credentials },
);

/**
 * Names and values of headers that decide something; pages of the API's own and of other origins send the
 * last ones.
 */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  origin: [
    "https://api.example.com",
    "https://app.example.com",
    "https://evil.example",
    "null",
    "",
    "http://[",
    "\u0000",
  ],
  "sec-fetch-site": ["same-origin", "none", "cross-site", "same-site", "", "same-origin,cross-site"],
  host: [
    "api.example.com",
    "",
    " ",
    "a b",
    "evil.example",
    "api.example.com:99999",
    "user@evil",
    "[::1",
    "localhost:1",
    "\u00e9.example",
    "/",
    "a,b",
  ],
  "content-type": [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "",
    "application/json,text/html",
    "application/a+json",
  ],
  "user-agent": [
    "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0",
    "\u0000\u202e",
    "x".repeat(9000),
    "((((((((",
    "",
  ],
  "x-forwarded-for": ["1.2.3.4", "x"],
  cookie: ["__Host-session={{token:alice}}", "__Host-session=%zz", "; ;"],
  authorization: ["Bearer {{token:alice}}", "Bearer x"],
  __proto__: ["x"],
  constructor: ["x"],
  "": ["x"],
};
const caseOf = (name: string): Arbitrary<string> =>
  name === "" ? fc.constant(name) : fc.mixedCase(fc.constant(name));
const header: Arbitrary<readonly [string, string]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...Object.keys(HEADERS), "__proto__")
      .chain((name) =>
        fc.tuple(
          caseOf(name),
          fc.constantFrom(...(Object.hasOwn(HEADERS, name) ? (HEADERS[name] ?? []) : ["x"])),
        ),
      ),
  },
  { weight: 1, arbitrary: fc.tuple(hostileText, hostileText) },
);

const PLACES: readonly (readonly string[])[] = [
  ...[
    "version",
    "routeKey",
    "rawPath",
    "rawQueryString",
    "headers",
    "cookies",
    "body",
    "isBase64Encoded",
  ].map((at) => [at]),
  ...["httpMethod", "path", "resource", "multiValueHeaders", "queryStringParameters"].map((at) => [at]),
  ...[
    "multiValueQueryStringParameters",
    "pathParameters",
    "requestContext",
    "user",
    "userIds",
    "__proto__",
  ].map((at) => [at]),
  ...["host", "authorization", "cookie", "content-type", "origin", "x"].map((name) => ["headers", name]),
  ...["Host", "authorization", "Cookie", "x"].map((name) => ["multiValueHeaders", name]),
  ...["0", "1", "x"].map((place) => ["cookies", place]),
  ...["http", "identity", "requestId", "authorizer", "__proto__"].map((name) => ["requestContext", name]),
  ...["method", "sourceIp", "userAgent", "path"].map((name) => ["requestContext", "http", name]),
  ...["sourceIp", "userAgent"].map((name) => ["requestContext", "identity", name]),
  ...["limit", "x"].flatMap((name) => [
    ["queryStringParameters", name],
    ["multiValueQueryStringParameters", name],
    ["pathParameters", name],
  ]),
];
const mutation: Arbitrary<Mutation> = fc
  .tuple(fc.constantFrom(...PLACES), fc.option(hostileJson, { nil: undefined }))
  .map(([at, to]) => (to === undefined ? { at } : { at, to }));

const queryPart = fc.oneof(
  fc.constantFrom(
    "watch=1",
    "watch=2",
    "watch=1&watch=1",
    "watch",
    "%",
    "%zz=%zz",
    "a=b",
    "__proto__=1",
    "=&=&&",
    "\ud800",
    "+",
  ),
  fc.tuple(hostileText, hostileText).map(([name, value]) => `${name}=${value}`),
);

/** What every lane's request has in common; the lane says the rest. */
export function requests(
  lane: Pick<{ [K in keyof RequestInput]: Arbitrary<RequestInput[K]> }, "method" | "path"> & {
    readonly query?: Arbitrary<string>;
    readonly body?: Arbitrary<string>;
    readonly credentials?: Arbitrary<Credentials>;
  },
): Arbitrary<RequestInput> {
  const few = <T>(one: Arbitrary<T>, most: number): Arbitrary<T[]> =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant<T[]>([]) },
      { weight: 3, arbitrary: fc.array(one, { minLength: 1, maxLength: most }) },
    );
  return fc
    .record({
      format: fc.constantFrom("2.0" as const, "2.0" as const, "1.0" as const),
      method: lane.method,
      path: lane.path,
      who: lane.credentials ?? credentials,
      more: few(header, 3),
      query: lane.query ?? few(queryPart, 3).map((parts) => parts.join("&")),
      body: lane.body ?? fc.constant(undefined),
      base64: fc.constantFrom(...(["no", "no", "no", "no", "yes", "yes", "wrong"] as const)),
      address: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...ADDRESSES) },
        { weight: 1, arbitrary: hostileText },
      ),
      mutations: fc.oneof(
        { weight: 7, arbitrary: fc.constant<Mutation[]>([]) },
        { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
      ),
    })
    .map(({ who, more, body, ...rest }) => ({
      kind: "request",
      ...rest,
      headers: [
        ...(body === undefined ? [] : [["content-type", "application/json"] as const]),
        ...who.headers,
        ...more,
      ],
      cookies: who.cookies,
      ...(body !== undefined && { body }),
    }));
}
