import { CORS, isWebOrigin } from "../runtime/function-settings.ts";
import type { Reply } from "./reply.ts";
import type { HttpRequest, PayloadFormat } from "./request.ts";

export interface CorsSetting {
  /** Exact origins: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
}

/**
 * The reply with what lets an allowed origin read it (Fetch standard, CORS protocol).
 *
 * An HTTP API writes these headers itself, and passes over a function's, where its CORS configuration has the
 * origins. It takes no origin of an app's own scheme, so where such an origin is allowed, it has no
 * configuration and the functions write the headers for all. A REST API hands a proxy function's headers on
 * and adds none.
 */
export function withCors(
  reply: Reply,
  format: PayloadFormat,
  request: HttpRequest | undefined,
  settings: CorsSetting | undefined,
): Reply {
  const origins = settings?.allowedOrigins ?? [];
  const isOurs = format === "1.0" ? origins.length > 0 : !origins.every(isWebOrigin);
  if (!isOurs || request === undefined) return reply;
  const origin = request.headers.get("origin") ?? "";
  return {
    ...reply,
    headers: {
      ...reply.headers,
      Vary: "Origin",
      ...(origins.includes(origin) && {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": CORS.exposedHeaders.join(", "),
      }),
    },
  };
}

/**
 * The answer to a preflight, before {@link withCors}: what an allowed origin may send. It says nothing to
 * another one.
 */
export function preflightReply(request: HttpRequest, settings: CorsSetting | undefined): Reply {
  const isAllowed = settings?.allowedOrigins.includes(request.headers.get("origin") ?? "") === true;
  return {
    status: 204,
    ...(isAllowed && {
      headers: {
        "Access-Control-Allow-Methods": CORS.methods.join(", "),
        "Access-Control-Allow-Headers": CORS.requestHeaders.join(", "),
        "Access-Control-Max-Age": String(CORS.maxAgeSeconds),
      },
    }),
  };
}
