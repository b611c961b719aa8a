import { VIEWER_HEADERS } from "../src/runtime/function-settings.ts";

/** Header values as people's frameworks and events have them, names in any case. */
export type HeaderValues =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | null | undefined>>;

/**
 * A request as people have it: a Fetch `Request`, a request of Node's HTTP server, or the event of an HTTP
 * API, a REST API, a function URL or an Application Load Balancer.
 */
export interface RequestLike {
  readonly headers?: HeaderValues | null | undefined;
  readonly method?: string | undefined;
  /** Payload format 1.0. */
  readonly httpMethod?: string | null | undefined;
  readonly multiValueHeaders?: HeaderValues | null | undefined;
  /** Payload format 2.0, which takes cookies out of the headers. */
  readonly cookies?: readonly string[] | null | undefined;
  readonly requestContext?: unknown;
}

/** What the guard reads of a request. */
export interface GuardedRequest {
  /** In lower case; several values of one name joined by a comma, `cookie` by a semicolon. */
  readonly headers: ReadonlyMap<string, string>;
  /** `undefined` where nothing tells it: only headers were given. */
  readonly method: string | undefined;
  /** The gateway's id of the request. */
  readonly requestId: string | undefined;
  /** The client's, where the request says it and nothing stands between. It tells places apart, no more. */
  readonly sourceAddress: string | undefined;
}

/**
 * Reads a request, or headers alone. Values are joined and never taken apart: a comma in the `cookie` header
 * separates nothing, or a site that may set any cookie (a page of a sibling host) could put a session cookie
 * into its value.
 * @throws TypeError for what is neither.
 */
export function readGuardedRequest(source: RequestLike | HeaderValues): GuardedRequest {
  if (typeof source !== "object" || (source as unknown) === null) throw notARequest(source);
  const request = isRequest(source) ? source : { headers: source };
  const headers = new Map<string, string>();
  addHeaders(headers, request.headers);
  // Payload format 1.0 says each header twice: the last value alone, and all of them.
  if (request.multiValueHeaders) addHeaders(headers, request.multiValueHeaders, "instead");
  const { cookies } = request;
  // A `cookie` header beside them would be the sender's own doing.
  if (Array.isArray(cookies)) headers.set("cookie", cookies.join("; "));
  const authority = headers.get(":authority");
  if (authority !== undefined && !headers.has("host")) headers.set("host", authority);
  const context = asObject(request.requestContext);
  return {
    headers,
    method:
      textOf(request.method) ?? textOf(request.httpMethod) ?? textOf(asObject(context["http"])["method"]),
    requestId: textOf(context["requestId"]),
    sourceAddress: sourceAddressOf(context, headers),
  };
}

/**
 * Behind CloudFront the gateway sees the edge's address, which is another one now and then. What the CDN says
 * instead anybody may say, as they may any user agent.
 */
function sourceAddressOf(
  context: Readonly<Record<string, unknown>>,
  headers: ReadonlyMap<string, string>,
): string | undefined {
  if (headers.has("x-amz-cf-id")) return headers.get(VIEWER_HEADERS.address);
  return textOf(asObject(context["http"])["sourceIp"]) ?? textOf(asObject(context["identity"])["sourceIp"]);
}

/** Each kind of request has one: a load balancer's event with several values has no `headers`. */
const OF_REQUESTS = ["headers", "multiValueHeaders", "requestContext"] as const;

/** Not by the member alone: a record of headers may have one of that name, which is text. */
const isRequest = (source: object): source is RequestLike =>
  !isIterable(source) && OF_REQUESTS.some((name) => typeof (source as RequestLike)[name] === "object");

function addHeaders(
  headers: Map<string, string>,
  values: HeaderValues | null | undefined,
  how: "beside" | "instead" = "beside",
): void {
  const seen = new Set<string>();
  for (const [given, value] of entriesOf(values)) {
    const name = given.toLowerCase();
    const text = Array.isArray(value) ? value.join(separator(name)) : textOf(value);
    if (text === undefined) continue;
    const before = how === "instead" && !seen.has(name) ? undefined : headers.get(name);
    headers.set(name, before === undefined ? text : before + separator(name) + text);
    seen.add(name);
  }
}

function entriesOf(values: HeaderValues | null | undefined): Iterable<readonly [string, unknown]> {
  if (values === null || values === undefined) return [];
  if (typeof values !== "object") throw notARequest(values);
  return isIterable(values) ? values : Object.entries(values);
}

const separator = (name: string): string => (name === "cookie" ? "; " : ", ");

const isIterable = (value: object): value is Iterable<readonly [string, string]> => Symbol.iterator in value;

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const notARequest = (value: unknown): TypeError =>
  new TypeError(
    `The guard was given ${value === null ? "null" : `a value of the type ${typeof value}`}; accepted ` +
      "are a request (Fetch, Node.js), an event of API Gateway, or their headers.",
  );
