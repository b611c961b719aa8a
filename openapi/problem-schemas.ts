import { STATUS_CODES } from "node:http";
import * as z from "zod";
import type { SessionLimitView } from "../functions/log-in.ts";
import { PROBLEM_STATUS, type FieldError, type ProblemCode } from "../src/http/problem.ts";
import { problemType } from "../src/http/problem-type.ts";
import type { OidcFailure } from "../src/http/oidc-problems.ts";
import { PERMISSIONS } from "../src/identity/permissions.ts";
import { AT_LIMIT } from "../src/sessions/policy.ts";
import type { AllSame, SameType } from "./same-type.ts";
import { SESSION } from "./view-schemas.ts";

const ENDED_AT = z
  .string()
  .meta({ format: "date-time", description: "When the session ended. ISO 8601, in UTC." });

/** One thing that is wrong with a request. */
export const FIELD_ERROR = z.union([
  z.object({
    detail: z.string().describe("The member, what was found and what is accepted. Secrets are not repeated."),
    pointer: z
      .string()
      .describe("The member of the body: a JSON pointer as a URI fragment (RFC 6901 section 6)."),
  }),
  z.object({
    detail: z.string().describe("The parameter, what was found and what is accepted."),
    parameter: z.string().describe("The query parameter."),
  }),
]);

const AT_THE_LIMIT = z.object({
  atLimit: z
    .enum(AT_LIMIT)
    .describe("What the session policy does at the limit. `ask`: log in again with `takeover` or `end`."),
  sessions: z.array(SESSION).describe("The user's live sessions."),
});

const OIDC_FAILURE = z.enum(["not_under_way", "refused_by_provider", "not_proven"]);

const REQUEST_ID = { requestId: z.string().exactOptional().describe("The logs tell more under this id.") };

/** The members that a code has beside `type`, `status`, `title`, `code` and `detail`. */
const EXTENSIONS = {
  invalid_json: {},
  invalid_request: { errors: z.array(FIELD_ERROR).exactOptional().describe("At most ten.") },
  no_session: {},
  session_expired: { endedAt: ENDED_AT },
  session_displaced: {
    endedAt: ENDED_AT,
    by: z.object({ device: z.string().describe("The label of the device that signed in.") }).exactOptional(),
  },
  session_logged_out: { endedAt: ENDED_AT },
  session_revoked: { endedAt: ENDED_AT, by: z.object({ administrator: z.literal(true) }) },
  session_unknown: {},
  invalid_credentials: {},
  oidc_failed: {
    reason: OIDC_FAILURE,
    error: z.string().exactOptional().describe("The provider's own code (RFC 6749 section 4.1.2.1)."),
  },
  cdn_required: {},
  cross_origin: {},
  permission_required: {
    permissions: z.array(z.enum(PERMISSIONS)).describe("Any of these will do."),
  },
  reauthentication_required: {
    reauthWithin: z.number().describe("Seconds: how old a login may be that ends other sessions."),
  },
  not_found: {},
  session_limit: AT_THE_LIMIT.shape,
  body_too_large: {},
  unsupported_media_type: {},
  too_many_attempts: {},
  internal: REQUEST_ID,
  policy_failed: REQUEST_ID,
  outcome_unknown: REQUEST_ID,
  unavailable: REQUEST_ID,
} as const satisfies Record<ProblemCode, z.ZodRawShape>;

/** When a client meets each code. */
const MEANINGS = {
  invalid_json: "The body is not JSON in UTF-8.",
  invalid_request:
    "The body, the query or a header is not as the call accepts it; `errors` name each member.",
  no_session: "The request carries no session token.",
  session_expired: "A timeout passed.",
  session_displaced: "A newer login of the same user ended the session.",
  session_logged_out: "The user ended the session.",
  session_revoked: "An administrator or a rule ended the session (user disabled, password changed).",
  session_unknown: "There is no such session, or it ended so long ago that nothing is left of it.",
  invalid_credentials: "The credentials are not right. It is not said which part.",
  oidc_failed: "The sign-in at the identity provider gave no session; `reason` says why.",
  cdn_required: "The call came to the API's own host and not through its CDN (the setting `onlyThroughCdn`).",
  cross_origin:
    "A page of another origin made the call, and the origin is not in the setting `allowedOrigins`.",
  permission_required: "The caller has none of the permissions that the call needs.",
  reauthentication_required: "Ending other sessions needs a newer login (the setting `reauthWithin`).",
  not_found: "There is no such thing, or it is somebody else's.",
  session_limit: "The user has as many sessions as the session policy allows. Nobody was signed out.",
  body_too_large: "The body has more bytes than the call accepts.",
  unsupported_media_type: "The content type is not `application/json`.",
  too_many_attempts:
    "Too many failed attempts of this user name, address or device; `Retry-After` says when to try again.",
  internal: "Something went wrong inside.",
  policy_failed: "The session policy's function failed. Nothing was changed.",
  outcome_unknown: "The database took the change and did not answer: it may or may not have happened.",
  unavailable: "The database or the identity provider could not be asked. Nothing was changed.",
} as const satisfies Record<ProblemCode, string>;

/** The schema of a problem body (RFC 9457), one for each code. */
export function problemSchema(code: ProblemCode): z.ZodObject {
  const status = PROBLEM_STATUS[code];
  return z
    .object({
      type: z.literal(problemType(code)).describe("The address of the documentation of this code."),
      status: z.literal(status),
      title: z.literal(STATUS_CODES[status] ?? "Error"),
      code: z.literal(code),
      detail: z.string().describe("For people. Branch on `code`."),
      ...EXTENSIONS[code],
    })
    .describe(MEANINGS[code]);
}

/** `SessionDisplacedProblem` for `session_displaced`: the name of its schema. */
export const problemSchemaName = (code: ProblemCode): string =>
  `${code.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Problem`;

/** When a client meets a code, in words. */
export const meaningOf = (code: ProblemCode): string => MEANINGS[code];

/** Every code, in the order of their statuses. */
export const PROBLEM_CODES = Object.keys(PROBLEM_STATUS) as ProblemCode[];

/** Does not compile where a schema is not what is sent. */
export type ProblemsAgree = AllSame<
  [
    SameType<z.infer<typeof FIELD_ERROR>, FieldError>,
    SameType<z.infer<typeof AT_THE_LIMIT>, SessionLimitView>,
    SameType<z.infer<typeof OIDC_FAILURE>, OidcFailure>,
  ]
>;
