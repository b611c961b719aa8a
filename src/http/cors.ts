import type { Reply } from "./reply.ts";
import type { HttpRequest, PayloadFormat } from "./request.ts";

export interface CorsSetting {
  /** Exact origins: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
}

/** Headers of answers that front ends elsewhere may read. */
export const EXPOSED_HEADERS = ["retry-after", "www-authenticate"] as const;

/**
 * The reply with what lets an allowed origin read it (Fetch standard, CORS protocol). HTTP APIs write these headers themselves, and
 * pass over a function's; a REST API hands a proxy function's headers on and adds none. Its answer to the preflight is the API's.
 */
export function withCors(
  reply: Reply,
  format: PayloadFormat,
  request: HttpRequest | undefined,
  settings: CorsSetting | undefined,
): Reply {
  if (format !== "1.0" || request === undefined || !settings || settings.allowedOrigins.length === 0)
    return reply;
  const origin = request.headers.get("origin") ?? "";
  const isAllowed = settings.allowedOrigins.includes(origin);
  return {
    ...reply,
    headers: {
      ...reply.headers,
      Vary: "Origin",
      ...(isAllowed && {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED_HEADERS.join(", "),
      }),
    },
  };
}
