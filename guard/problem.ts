import type { Problem } from "../src/http/problem.ts";
import { SECURITY_HEADERS } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import { CORS } from "../src/runtime/function-settings.ts";
import type { GuardedRequest } from "./request.ts";

/** An answer without a body, whole as it goes out. */
export interface GuardAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal, whole as it goes out: status, headers and the body of a problem (RFC 9457). */
export interface GuardProblem extends GuardAnswer {
  /** Stable; clients branch on it. */
  readonly code: Problem["code"];
  /** Goes out as JSON. */
  readonly body: Problem["body"];
}

/** See {@link Guard.preflight}. */
export function preflightAnswer(
  { headers, method }: GuardedRequest,
  settings: OriginSettings,
): GuardAnswer | undefined {
  const wanted = headers.get("access-control-request-method");
  if (method !== "OPTIONS" || wanted === undefined || !headers.has("origin")) return undefined;
  const cors = corsHeaders({ headers }, settings);
  return {
    status: 204,
    headers: {
      ...cors,
      // What the framework's routes take is not known here; an allowed origin may ask any of them.
      ...("Access-Control-Allow-Origin" in cors && {
        "Access-Control-Allow-Methods": wanted,
        "Access-Control-Allow-Headers": headers.get("access-control-request-headers") ?? "",
        "Access-Control-Max-Age": String(CORS.maxAgeSeconds),
      }),
    },
  };
}

/** A problem with all headers of its answer, so that an allowed origin's page can read it as well. */
export function toGuardProblem(
  { status, code, contentType, headers, body }: Problem,
  request: Pick<GuardedRequest, "headers">,
  settings: OriginSettings,
): GuardProblem {
  return {
    status,
    code,
    headers: {
      ...SECURITY_HEADERS,
      ...(contentType !== undefined && { "Content-Type": contentType }),
      ...headers,
      ...corsHeaders(request, settings),
    },
    body,
  };
}

/**
 * What lets an allowed origin's page read an answer (Fetch standard, CORS protocol). Where the API or the
 * framework writes these headers as well, it writes the same or its own in their place.
 */
function corsHeaders(
  { headers }: Pick<GuardedRequest, "headers">,
  { allowedOrigins }: OriginSettings,
): Readonly<Record<string, string>> {
  if (allowedOrigins.length === 0) return {};
  const origin = headers.get("origin") ?? "";
  return {
    Vary: "Origin",
    ...(allowedOrigins.includes(origin) && {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": CORS.exposedHeaders.join(", "),
    }),
  };
}
