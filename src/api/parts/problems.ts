import * as z from "zod";
import { PERMISSIONS } from "../../identity/permissions.ts";
import type { Sent } from "./call.ts";
import { ENDED_AT, FIREFOX } from "./examples.ts";
import type { JsonObject } from "./json.ts";
import type { ProblemCode } from "./problem-codes.ts";
import type { AllTrue, FieldError, Same } from "./shapes.ts";
import { SESSION_LIMIT } from "./views.ts";

/** What documentation says of a code. */
export interface ProblemContract {
  /** When a client meets the code. */
  readonly meaning: string;
  /** The members of the body beside `type`, `status`, `title`, `code` and `detail`. */
  readonly members?: z.ZodRawShape;
  /** Those that an example has; the rest follows from the code. */
  readonly example: JsonObject & { readonly detail: string };
}

const ENDED_TIME = z
  .string()
  .meta({ format: "date-time", description: "When the session ended. ISO 8601, in UTC." });

/** One thing that is wrong with a request: a member of the body or a query parameter. */
const FIELD_ERROR = z.union([
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

export type Checked = AllTrue<[Same<Sent<z.output<typeof FIELD_ERROR>>, FieldError>]>;
export type { FieldError, SessionLimitView } from "./shapes.ts";

/** Why a sign-in that came back from the provider gave no session. */
const OIDC_FAILURE = z.enum([
  // No sign-in is under way in this browser: its cookie is gone, or was of another one that began later.
  "not_under_way",
  // The provider refused, or the person did; `error` is the provider's code (RFC 6749 section 4.1.2.1).
  "refused_by_provider",
  // What the provider gave does not prove a fresh sign-in.
  "not_proven",
]);
export type OidcFailure = z.output<typeof OIDC_FAILURE>;

/** Of a refused sign-in, which a refreshed token or a silent redirect brings again. */
const NEW_SIGN_IN = z
  .literal(true)
  .exactOptional()
  .describe(
    "The call came with a provider's token, and only a new sign-in at the provider helps: ask for it with " +
      "`prompt=login`.",
  );

const REQUEST_ID = { requestId: z.string().exactOptional().describe("The logs tell more under this id.") };
const SOME_REQUEST = "a0Kf3h7yFiAEMXQ=";

/** Every code, as documentation has it. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemContract>> = {
  invalid_json: {
    meaning: "The body is not JSON in UTF-8.",
    example: { detail: "The body is not JSON in UTF-8 (RFC 8259)." },
  },
  invalid_request: {
    meaning: "The body, the query or a header is not as the call accepts it; `errors` name each member.",
    members: { errors: z.array(FIELD_ERROR).exactOptional().describe("At most ten.") },
    example: {
      detail: "The body is not valid for this call.",
      errors: [
        {
          pointer: "#/password",
          detail: "password is missing; accepted is a string of 1 to 1024 characters.",
        },
      ],
    },
  },
  no_session: {
    meaning: "The request has no session token.",
    example: { detail: "The request has no session token." },
  },
  session_expired: {
    meaning: "A timeout passed.",
    members: { endedAt: ENDED_TIME, newSignIn: NEW_SIGN_IN },
    example: { detail: "The session expired.", endedAt: ENDED_AT },
  },
  session_displaced: {
    meaning: "A newer login of the same user ended the session.",
    members: {
      endedAt: ENDED_TIME,
      by: z
        .object({ device: z.string().describe("The label of the device that signed in.") })
        .exactOptional(),
      newSignIn: NEW_SIGN_IN,
    },
    example: {
      detail: "A newer login of the same user ended the session.",
      endedAt: ENDED_AT,
      by: { device: "Firefox on macOS" },
    },
  },
  session_logged_out: {
    meaning: "The user ended the session.",
    members: { endedAt: ENDED_TIME, newSignIn: NEW_SIGN_IN },
    example: { detail: "The session was logged out.", endedAt: ENDED_AT },
  },
  session_revoked: {
    meaning: "An administrator or a rule ended the session (user disabled, password changed).",
    members: {
      endedAt: ENDED_TIME,
      by: z.object({ administrator: z.literal(true) }),
      newSignIn: NEW_SIGN_IN,
    },
    example: {
      detail: "An administrator ended the session.",
      endedAt: ENDED_AT,
      by: { administrator: true },
    },
  },
  session_unknown: {
    meaning: "No session has this token, or it ended so long ago that no record of it is left.",
    example: { detail: "No session has this token." },
  },
  invalid_access_token: {
    meaning:
      "The provider's access token is not accepted: it expired, or is not for this API. It is not said " +
      "why. Refresh it, then repeat the call.",
    example: { detail: "The access token is not accepted, or not any more." },
  },
  invalid_credentials: {
    meaning: "The credentials are not right. It is not said which part.",
    members: { newSignIn: NEW_SIGN_IN },
    example: { detail: "The user name or the password is wrong." },
  },
  oidc_failed: {
    meaning: "The sign-in at the identity provider gave no session; `reason` says why.",
    members: {
      reason: OIDC_FAILURE,
      error: z.string().exactOptional().describe("The provider's own code (RFC 6749 section 4.1.2.1)."),
    },
    example: {
      detail: "The identity provider did not sign you in.",
      reason: "refused_by_provider",
      error: "access_denied",
    },
  },
  cdn_required: {
    meaning: "The call came to the API's own host and not through its CDN (the setting `onlyThroughCdn`).",
    example: { detail: "This API answers only what comes through its CDN." },
  },
  cross_origin: {
    meaning: "A page of another origin made the call, and the origin is not in the setting `allowedOrigins`.",
    example: {
      detail:
        'This call came from "https://evil.example"; accepted are the API\'s own origin and the setting ' +
        "allowedOrigins.",
    },
  },
  permission_required: {
    meaning: "The caller has none of the permissions that the call needs.",
    members: {
      permissions: z.array(z.enum(PERMISSIONS)).describe("Any of these will do."),
    },
    example: {
      detail: "includeAdmins needs the permission single_session.logout_all. Nobody was logged out.",
      permissions: ["single_session.logout_all"],
    },
  },
  reauthentication_required: {
    meaning: "Ending other sessions needs a newer login (the setting `reauthWithin`).",
    members: {
      reauthWithin: z.number().describe("Seconds: how old a login may be that ends other sessions."),
    },
    example: {
      detail: "Ending another session needs a login within the last 900 seconds. Log in again and retry.",
      reauthWithin: 900,
    },
  },
  not_found: {
    meaning: "It does not exist, or it belongs to another user.",
    example: { detail: "None of your sessions has this id." },
  },
  session_limit: {
    meaning: "The user has as many sessions as the session policy allows. Nobody was signed out.",
    members: SESSION_LIMIT.shape,
    example: {
      detail: "The user has as many sessions as the session policy allows.",
      atLimit: "ask",
      sessions: [FIREFOX],
    },
  },
  body_too_large: {
    meaning: "The body has more bytes than the call accepts.",
    example: { detail: "The body has 16385 bytes; accepted are at most 16384." },
  },
  unsupported_media_type: {
    meaning: "The content type is not `application/json`.",
    example: { detail: "content-type is missing; accepted is application/json." },
  },
  too_many_attempts: {
    meaning:
      "Too many failed attempts of this user name, address or device; `Retry-After` says when to try again.",
    example: { detail: "Too many failed attempts. Try again in 30 seconds." },
  },
  internal: {
    meaning: "Something went wrong inside.",
    members: REQUEST_ID,
    example: {
      detail: "The service failed. Its logs have this request's id.",
      requestId: SOME_REQUEST,
    },
  },
  policy_failed: {
    meaning: "The session policy's function failed. Nothing was changed.",
    members: REQUEST_ID,
    example: {
      detail: "The session policy of this service failed. Nothing was changed.",
      requestId: SOME_REQUEST,
    },
  },
  outcome_unknown: {
    meaning: "The database took the change and did not answer: it may or may not have happened.",
    members: REQUEST_ID,
    example: {
      detail: "The database took the change and did not answer: it may or may not have happened.",
      requestId: SOME_REQUEST,
    },
  },
  unavailable: {
    meaning: "The database or the identity provider could not be asked. Nothing was changed.",
    members: REQUEST_ID,
    example: {
      detail: "The database could not be asked. Nothing was changed; try again.",
      requestId: SOME_REQUEST,
    },
  },
};
