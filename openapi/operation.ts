import type { ProblemCode } from "../src/http/problem.ts";
import type { JsonObject } from "./json-schema.ts";

/** One call of the API, as `document.ts` makes an OpenAPI operation of it. */
export interface Operation {
  readonly method: "get" | "post" | "delete";
  /** As in the routes of the CDK construct: `/sessions/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: "Sessions" | "Administration" | "OpenID Connect";
  readonly summary: string;
  readonly description?: string;
  /** Whether a session token must come with the call, may, or does not matter. */
  readonly session: "required" | "optional" | "none";
  readonly parameters?: readonly JsonObject[];
  readonly body?: RequestBody;
  /** The answers that are no problems, by their status. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Every refusal and fault; their statuses follow from `PROBLEM_STATUS`. */
  readonly problems: readonly ProblemCode[];
  /** Headers that problems may have as well, as an answer's. */
  readonly problemHeaders?: Readonly<Record<string, string>>;
}

export interface RequestBody {
  /** Names of schemas, of which the body is one. */
  readonly schemas: readonly [string, ...string[]];
  /** Names of examples. */
  readonly examples: readonly string[];
}

export interface Answer {
  readonly description: string;
  /** The name of the body's schema, where there is a body. */
  readonly schema?: string;
  /** Names of examples. */
  readonly examples?: readonly string[];
  /** Header names and, of each, the name of its component. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a token is worth nothing. */
export const NOT_LIVE = [
  "no_session",
  "session_expired",
  "session_displaced",
  "session_logged_out",
  "session_revoked",
  "session_unknown",
] as const satisfies readonly ProblemCode[];

/** What every call may meet: faults, and with `onlyThroughCdn` the refusal of what came past the CDN. */
export const FAULTS = ["internal", "unavailable", "cdn_required"] as const satisfies readonly ProblemCode[];

/** What every call may meet that changes what sessions there are, by a transaction. */
export const CHANGE_FAULTS = [...FAULTS, "outcome_unknown"] as const satisfies readonly ProblemCode[];

/** What may be wrong with any JSON body. */
export const BODY_PROBLEMS = [
  "invalid_json",
  "invalid_request",
  "body_too_large",
  "unsupported_media_type",
] as const satisfies readonly ProblemCode[];
