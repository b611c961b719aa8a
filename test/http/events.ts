import type { Context } from "aws-lambda";
import {
  readRequest,
  type GatewayEventV1,
  type GatewayEventV2,
  type HttpRequest,
} from "../../src/http/request.ts";
import { recordRequest } from "../support/log-scan/captured.ts";

/** A request as a test says it; what it leaves out is as a client that is no browser sends it. */
export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly base64?: boolean;
  /** The client's address. */
  readonly address?: string;
}

/** The event an HTTP API makes of a request in payload format 2.0. */
export function eventV2(sent: Sent = {}): GatewayEventV2 {
  const { method = "GET", path = "/session", headers = {}, query = "", cookies, body, base64 } = sent;
  const { address = "192.0.2.2" } = sent;
  recordSent(sent);
  return {
    version: "2.0",
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: { host: "api.example.com", "user-agent": "tests/1", ...headers },
    ...(cookies !== undefined && { cookies }),
    ...(body !== undefined && { body }),
    isBase64Encoded: base64 === true,
    requestContext: {
      requestId: "request-2",
      http: { method, sourceIp: address, userAgent: headers["user-agent"] ?? "tests/1" },
    },
  };
}

/** The event a REST API makes of a request: payload format 1.0. */
export function eventV1(sent: Sent = {}): GatewayEventV1 {
  const { method = "GET", path = "/session", headers = {}, query = "", cookies, body, base64 } = sent;
  recordSent(sent);
  const all = {
    Host: "api.example.com",
    "User-Agent": "tests/1",
    ...headers,
    ...(cookies !== undefined && { Cookie: cookies.join("; ") }),
  };
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  return {
    httpMethod: method,
    path,
    resource: path,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: names.length === 0 ? null : Object.fromEntries(parameters),
    multiValueQueryStringParameters:
      names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, parameters.getAll(name)])),
    pathParameters: null,
    body: body ?? null,
    isBase64Encoded: base64 === true,
    requestContext: {
      requestId: "request-1",
      identity: { sourceIp: "192.0.2.1", userAgent: all["User-Agent"] },
    },
  };
}

/** No log line of the run may show what a client sends in secret. */
const recordSent = ({ headers = {}, query = "", cookies = [], body }: Sent): void =>
  recordRequest({
    url: `https://api.example.com/?${query}`,
    authorization: headers["authorization"],
    cookies,
    body,
  });

export const requestOf = (sent: Sent = {}): HttpRequest => readRequest(eventV2(sent));

/** The context of an invocation that has `remainingMs` left. */
export function lambdaContext(remainingMs = 10_000): Context {
  return {
    awsRequestId: "invocation-1",
    getRemainingTimeInMillis: () => remainingMs,
  } as Partial<Context> as Context;
}
