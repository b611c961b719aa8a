import type { CorsModel } from "../model/api-model.ts";
import { headerValues, type GatewayRequest } from "./gateway-request.ts";
import type { GatewayResponse } from "./proxy-response.ts";

type Header = readonly [name: string, value: string];

/** The answer to an `OPTIONS` that no route takes, where the API has a CORS configuration. */
export function preflightResponse(cors: CorsModel, request: GatewayRequest): GatewayResponse {
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return { status: 204, headers: [], body: Buffer.alloc(0) };
  const lists: Header[] = [
    ["access-control-allow-methods", cors.AllowMethods.join(",")],
    ["access-control-allow-headers", cors.AllowHeaders.join(",")],
    ["access-control-max-age", cors.MaxAge === undefined ? "" : String(cors.MaxAge)],
  ];
  return {
    status: 204,
    headers: [...originHeaders(cors, origin), ...lists.filter(([, value]) => value !== "")],
    body: Buffer.alloc(0),
  };
}

/**
 * The response with the configured headers in place of any that the function wrote itself ("Configuring CORS
 * for an HTTP API").
 */
export function withCors(
  cors: CorsModel | undefined,
  request: GatewayRequest,
  response: GatewayResponse,
): GatewayResponse {
  if (cors === undefined) return response;
  const origin = allowedOrigin(cors, request);
  const own = response.headers.filter(([name]) => !name.startsWith("access-control-"));
  if (origin === undefined) return { ...response, headers: own };
  const exposed: Header[] =
    cors.ExposeHeaders.length > 0 ? [["access-control-expose-headers", cors.ExposeHeaders.join(",")]] : [];
  return { ...response, headers: [...own, ...originHeaders(cors, origin), ...exposed] };
}

function originHeaders(cors: CorsModel, origin: string): Header[] {
  const credentials: Header[] = cors.AllowCredentials ? [["access-control-allow-credentials", "true"]] : [];
  return [["access-control-allow-origin", origin], ...credentials];
}

/**
 * What `Access-Control-Allow-Origin` says to this request, or `undefined` where its origin is not allowed or
 * not given.
 */
function allowedOrigin(cors: CorsModel, request: GatewayRequest): string | undefined {
  const [origin] = headerValues(request, "origin");
  if (origin === undefined) return undefined;
  if (cors.AllowOrigins.includes("*")) return "*";
  const allowed = cors.AllowOrigins.some(
    (pattern) => pattern === origin || (pattern.endsWith("://*") && origin.startsWith(pattern.slice(0, -1))),
  );
  return allowed ? origin : undefined;
}
