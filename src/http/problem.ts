import { STATUS_CODES } from "node:http";
import { problemType } from "./problem-type.ts";
import type { Reply } from "./reply.ts";

/** Every code a client can meet, and its status. Codes are stable: clients branch on them. */
export const PROBLEM_STATUS = {
  invalid_json: 400,
  invalid_request: 400,
  no_session: 401,
  session_expired: 401,
  session_displaced: 401,
  session_logged_out: 401,
  session_revoked: 401,
  session_unknown: 401,
  invalid_credentials: 401,
  oidc_failed: 401,
  cdn_required: 403,
  cross_origin: 403,
  permission_required: 403,
  reauthentication_required: 403,
  not_found: 404,
  session_limit: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_attempts: 429,
  internal: 500,
  policy_failed: 500,
  outcome_unknown: 503,
  unavailable: 503,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** One thing that is wrong with a request: a member of the body (RFC 6901 pointer as a fragment) or a query parameter. */
export type FieldError = { readonly detail: string } & (
  { readonly pointer: string } | { readonly parameter: string }
);

/** The members of a problem body beyond `type`, `status`, `title` and `code` (RFC 9457). */
export interface ProblemMembers {
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/** An answer that refuses: `application/problem+json`. */
export interface Problem extends Reply {
  readonly code: ProblemCode;
  readonly body: ProblemMembers & {
    readonly type: string;
    readonly status: number;
    readonly title: string;
    readonly code: ProblemCode;
  };
}

/** A problem with the status of its code. Its title is the status's phrase. What went wrong is in `code`. */
export function problem(
  code: ProblemCode,
  members: ProblemMembers,
  headers?: Readonly<Record<string, string>>,
): Problem {
  const status = PROBLEM_STATUS[code];
  return {
    status,
    code,
    contentType: "application/problem+json",
    ...(headers !== undefined && { headers }),
    body: { type: problemType(code), status, title: STATUS_CODES[status] ?? "Error", code, ...members },
  };
}

/** Whether a reply is a refusal. */
export const isProblem = (reply: Reply): reply is Problem => "code" in reply;

/** 401 (RFC 6750 section 3): the challenge names an error only where the request carried a token. */
export function unauthorized(
  code: Extract<ProblemCode, `${"no_" | ""}session${string}`> | "invalid_credentials",
  members: ProblemMembers,
  options: { readonly tokenPresented: boolean },
): Problem {
  return problem(code, members, {
    "WWW-Authenticate": options.tokenPresented ? 'Bearer error="invalid_token"' : "Bearer",
  });
}

/** 400 with the fields that are wrong. */
export function invalidRequest(detail: string, errors: readonly FieldError[]): Problem {
  return problem("invalid_request", { detail, errors });
}
