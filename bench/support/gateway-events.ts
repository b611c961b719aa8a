import { randomUUID } from "node:crypto";
import { SESSION_COOKIE } from "../../src/http/cookie.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { BENCH_DEVICE } from "./seed.ts";

const API = "arn:aws:execute-api:eu-central-1:000000000000:local/$default";

/** A request of a browser without a body, as an HTTP API hands it on (payload format 2.0). */
export const requestEvent = (method: string, path: string, token: SessionToken): unknown =>
  event(method, path, token);

/** The event of the authorizer of somebody's own route, as an HTTP API hands it on (payload format 2.0). */
export const authorizerEvent = (token: SessionToken): unknown => ({
  type: "REQUEST",
  routeArn: `${API}/GET/orders`,
  identitySource: [],
  ...event("GET", "/orders", token),
});

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

function event(method: string, path: string, token: SessionToken): Record<string, unknown> {
  return {
    version: "2.0",
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: "",
    cookies: [`${SESSION_COOKIE}=${token.reveal()}`],
    headers: {
      accept: "application/json",
      "accept-encoding": "gzip, deflate, br, zstd",
      "accept-language": "en-GB,en;q=0.9",
      "content-length": "0",
      host: "app.example.com",
      "sec-fetch-dest": "empty",
      "sec-fetch-mode": "cors",
      "sec-fetch-site": "same-origin",
      "user-agent": BENCH_DEVICE.userAgent,
      "x-amzn-trace-id": "Root=1-68a1b2c3-0123456789abcdef01234567",
      "x-forwarded-for": BENCH_DEVICE.address,
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: "app.example.com",
      domainPrefix: "app",
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: BENCH_DEVICE.address,
        userAgent: BENCH_DEVICE.userAgent,
      },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: `${method} ${path}`,
      stage: "$default",
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1773342238000,
    },
    isBase64Encoded: false,
  };
}
