import { randomUUID } from "node:crypto";
import { authorizerEventV2, proxyEventV2 } from "../../local/gateway/proxy-event.ts";
import { SESSION_COOKIE } from "../../src/http/cookie.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { BENCH_DEVICE } from "./seed.ts";

/** What a request has that is not a browser's usual one. */
export interface Sent {
  readonly query?: string;
  readonly body?: object;
  /** Instead of the session's cookie. */
  readonly authorization?: string;
}

/** A browser's request, as an HTTP API hands it on (payload format 2.0). */
export const requestEvent = (method: string, path: string, token?: SessionToken, sent: Sent = {}): unknown =>
  proxyEventV2(...request(method, path, token, sent));

/** The event of the authorizer of somebody's own route, as an HTTP API hands it on (payload format 2.0). */
export const authorizerEvent = (token: SessionToken): unknown =>
  authorizerEventV2(...request("GET", "/orders", token, {}), { region: "eu-central-1", identitySource: [] });

/** What Lambda gives a handler beside the event. */
export const lambdaContext = (functionName: string): unknown => ({
  awsRequestId: randomUUID(),
  functionName,
  functionVersion: "$LATEST",
  invokedFunctionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${functionName}`,
  memoryLimitInMB: "512",
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 10_000,
});

function request(method: string, path: string, token: SessionToken | undefined, sent: Sent) {
  const { query: queryString = "", authorization } = sent;
  const body = Buffer.from(sent.body === undefined ? "" : JSON.stringify(sent.body));
  const headers = {
    accept: "application/json",
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en-GB,en;q=0.9",
    ...(authorization !== undefined && { authorization }),
    "content-length": String(body.length),
    ...(body.length > 0 && { "content-type": "application/json" }),
    ...(token !== undefined && { cookie: `${SESSION_COOKIE}=${token.reveal()}` }),
    host: "app.example.com",
    "sec-fetch-dest": "empty",
    "sec-fetch-mode": "cors",
    "sec-fetch-site": "same-origin",
    "user-agent": BENCH_DEVICE.userAgent,
    "x-amzn-trace-id": "Root=1-68a1b2c3-0123456789abcdef01234567",
    "x-forwarded-for": BENCH_DEVICE.address,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  };
  const [requestId, receivedAt] = ["JKJaXmPLvHcESHA=", Date.UTC(2026, 2, 12, 19, 3, 58)];
  return [
    {
      ...{ method, path, encodedPath: path, queryString, headers: Object.entries(headers), body },
      ...{ protocol: "HTTP/1.1", sourceIp: BENCH_DEVICE.address, requestId, receivedAt },
    },
    {
      ...{ apiId: "local", stage: "$default", pathInStage: path },
      ...{ routeKey: `${method} ${path}`, pathParameters: {} },
    },
  ] as const;
}
