import { requestPath, type RequestPath } from "./request-path.ts";

/** What tells who makes a request, and from where. */
export interface HttpHeaders {
  /**
   * Names in lower case; several values of one name joined by a comma, `cookie` by a semicolon (RFC 9110, RFC
   * 6265).
   */
  readonly headers: ReadonlyMap<string, string>;
}

/** One request of an API Gateway, whichever payload format it came in. */
export interface HttpRequest extends RequestPath, HttpHeaders {
  readonly method: string;
  /** `POST /login`: the route or resource of the gateway that matched. Safe to log; the path may hold ids. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly body?: { readonly text: string; readonly base64: boolean };
  readonly sourceAddress?: string;
  readonly userAgent?: string;
  /** The gateway's id of the request; people quote it, logs have it. */
  readonly requestId?: string;
}

/** The payload format of an event, which the answer must have too. */
export type PayloadFormat = "1.0" | "2.0";

type Values<T> = Readonly<Record<string, T | null | undefined>> | null;

/** Payload format 1.0: REST APIs, and HTTP APIs where it was chosen; as proxy or as authorizer event. */
export interface GatewayEventV1 {
  readonly version?: unknown;
  readonly httpMethod: string;
  readonly path: string;
  readonly resource?: string | null;
  readonly headers?: Values<string>;
  readonly multiValueHeaders?: Values<readonly string[]>;
  readonly queryStringParameters?: Values<string>;
  readonly multiValueQueryStringParameters?: Values<readonly string[]>;
  readonly pathParameters?: Values<string>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean | null;
  readonly requestContext: {
    readonly requestId?: string | null;
    readonly path?: string | null;
    readonly stage?: string | null;
    readonly identity?: { readonly sourceIp?: string | null; readonly userAgent?: string | null } | null;
  };
}

/** Payload format 2.0: HTTP APIs, as proxy or as authorizer event. */
export interface GatewayEventV2 {
  readonly version: "2.0";
  readonly routeKey?: string | null;
  readonly rawPath: string;
  readonly rawQueryString?: string | null;
  readonly cookies?: readonly string[] | null;
  readonly headers?: Values<string>;
  readonly pathParameters?: Values<string>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean | null;
  readonly requestContext: {
    readonly requestId?: string | null;
    readonly stage?: string | null;
    readonly http: {
      readonly method: string;
      readonly sourceIp?: string | null;
      readonly userAgent?: string | null;
    };
  };
}

export type GatewayEvent = GatewayEventV1 | GatewayEventV2;

/** The payload format of an event; what names none is 1.0, as REST APIs do. */
export function payloadFormat(event: Pick<GatewayEvent, "version">): PayloadFormat {
  return event.version === "2.0" ? "2.0" : "1.0";
}

const isVersion2 = (event: GatewayEvent): event is GatewayEventV2 => event.version === "2.0";

/**
 * The request in an event of API Gateway, of either payload format; `gateway-event.ts` tells whether it is
 * one.
 */
export function readRequest(event: GatewayEvent): HttpRequest {
  return isVersion2(event) ? readVersion2(event) : readVersion1(event);
}

function readVersion2(event: GatewayEventV2): HttpRequest {
  const { http, requestId } = event.requestContext;
  const headers = new Map(lowerCased(event.headers));
  // The format takes cookies out of the headers; a `cookie` header in one would be the sender's own doing.
  if (event.cookies) headers.set("cookie", event.cookies.join("; "));
  return {
    method: http.method,
    ...requestPath(event, headers.get("host")),
    route: event.routeKey?.includes("/") === true ? event.routeKey : `${http.method} ${event.rawPath}`,
    headers,
    query: new URLSearchParams(event.rawQueryString ?? ""),
    pathParameters: new Map(present(event.pathParameters)),
    ...bodyOf(event),
    ...known({ sourceAddress: http.sourceIp, userAgent: http.userAgent, requestId }),
  };
}

function readVersion1(event: GatewayEventV1): HttpRequest {
  const { identity, requestId } = event.requestContext;
  const headers = new Map(lowerCased(event.headers));
  for (const [name, values] of lowerCased(event.multiValueHeaders)) {
    headers.set(name, values.join(name === "cookie" ? "; " : ", "));
  }
  const query = new URLSearchParams(present(event.queryStringParameters));
  for (const [name, values] of present(event.multiValueQueryStringParameters)) {
    query.delete(name);
    for (const value of values) query.append(name, value);
  }
  return {
    method: event.httpMethod,
    ...requestPath(event, headers.get("host")),
    route: `${event.httpMethod} ${event.resource ?? event.path}`,
    headers,
    query,
    pathParameters: new Map(present(event.pathParameters)),
    ...bodyOf(event),
    ...known({
      sourceAddress: identity?.sourceIp,
      userAgent: identity?.userAgent ?? headers.get("user-agent"),
      requestId,
    }),
  };
}

function bodyOf(event: GatewayEvent): Pick<HttpRequest, "body"> {
  return typeof event.body === "string" && event.body !== ""
    ? { body: { text: event.body, base64: event.isBase64Encoded === true } }
    : {};
}

/** Without `__proto__`: checking an event (`gateway-event.ts`) passes over it, and it may be anything. */
function present<T>(values: Values<T> | undefined): [string, T][] {
  return Object.entries(values ?? {}).filter(
    (entry): entry is [string, T] => entry[0] !== "__proto__" && entry[1] !== undefined && entry[1] !== null,
  );
}

function lowerCased<T>(values: Values<T> | undefined): [string, T][] {
  return present(values).map(([name, value]) => [name.toLowerCase(), value]);
}

type Known<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The fields that have a value, for types whose optional fields are absent rather than undefined. */
function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Known<T>;
}
