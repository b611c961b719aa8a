import { STATUS_CODES } from "node:http";
import { type NoCallerCode, PROBLEM_STATUS, type ProblemCode } from "../api/parts/problem-codes.ts";
import { problemType } from "../api/parts/problem-type.ts";
import type { FieldError } from "../api/parts/problems.ts";
import type { Reply } from "./reply.ts";

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
  code: NoCallerCode | "invalid_credentials",
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
