import type { ProblemCode } from "../src/http/problem.ts";
import { memberSchemas, schemaRef, type JsonObject } from "./json-schema.ts";
import { BODY_PROBLEMS, CHANGE_FAULTS, FAULTS, NOT_LIVE, type Operation } from "./operation.ts";
import { QUERIES } from "./request-schemas.ts";

/** What parameters are for; the schemas say what is accepted. */
const PURPOSES: Readonly<Record<string, string>> = {
  userId: "Only this user's.",
  cursor: "The cursor of the last page.",
  limit: "The most that a page has.",
  source: "The name of the identity source; may be left out where there is only one.",
  returnTo: "Where the browser goes afterwards.",
  takeover: "Where the session policy asks at the limit: end the least recently seen session.",
};

function queryParameters(schema: Parameters<typeof memberSchemas>[0]): JsonObject[] {
  return memberSchemas(schema).map(({ name, required, schema: accepted }) => ({
    name,
    in: "query",
    required,
    description: PURPOSES[name] ?? "",
    schema: name === "source" ? { type: "string" } : accepted,
  }));
}

const ADMINISTRATION = "Administration";
const LISTING: readonly ProblemCode[] = ["invalid_request", ...NOT_LIVE, "permission_required", ...FAULTS];

/** What administrators do with everybody's sessions. */
export const ADMIN_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/admin/logout",
    operationId: "logOutUsers",
    tag: ADMINISTRATION,
    summary: "Ends all sessions of many users",
    description:
      "Needs the permission `single_session.logout`, or `single_session.logout_all`, which `includeAdmins` needs; " +
      "administrators have both. The same function is invoked directly, where IAM is the authority.",
    session: "required",
    body: { schemas: ["AdminLogoutRequest"], examples: ["logOutUsers"] },
    answers: {
      200: {
        description: "No session of the users in `loggedOut` which existed at the call is live any more.",
        schema: "AdminLogout",
        examples: ["adminLogout"],
      },
    },
    problems: [...BODY_PROBLEMS, ...NOT_LIVE, "cross_origin", "permission_required", ...FAULTS],
  },
  {
    method: "get",
    path: "/admin/sessions",
    operationId: "listSessions",
    tag: ADMINISTRATION,
    summary: "Who is signed in, a page at a time",
    description:
      "Needs either permission. A session made a moment ago may be missing; an ended one is never listed.",
    session: "required",
    parameters: queryParameters(QUERIES.sessions),
    answers: { 200: { description: "A page.", schema: "SessionPage", examples: ["sessionPage"] } },
    problems: LISTING,
  },
  {
    method: "delete",
    path: "/admin/sessions/{id}",
    operationId: "endAnySession",
    tag: ADMINISTRATION,
    summary: "Ends one session of anybody",
    description:
      "Needs the permission `single_session.logout`, and `single_session.logout_all` where the session is an administrator's; " +
      "administrators have both. The session ends as revoked.",
    session: "required",
    parameters: [
      {
        name: "id",
        in: "path",
        required: true,
        description: "The id of a session, as `GET /admin/sessions` lists it.",
        schema: schemaRef("SessionId"),
      },
    ],
    answers: { 204: { description: "It has ended." } },
    problems: [...NOT_LIVE, "cross_origin", "permission_required", "not_found", ...CHANGE_FAULTS],
  },
  {
    method: "get",
    path: "/admin/endings",
    operationId: "listEndings",
    tag: ADMINISTRATION,
    summary: "Why, when and by whom a user's sessions ended",
    description: "Needs either permission. An ending is kept until its session would have expired anyway.",
    session: "required",
    parameters: queryParameters(QUERIES.endings),
    answers: { 200: { description: "A page.", schema: "EndingPage", examples: ["endingPage"] } },
    problems: LISTING,
  },
];

const OIDC = "OpenID Connect";

const SIGN_IN_COOKIE: JsonObject = {
  name: "__Host-oidc",
  in: "cookie",
  required: true,
  description: "What the browser kept of the sign-in that it began.",
  schema: { type: "string" },
};

/** Of the authorization response (RFC 6749 section 4.1.2, RFC 9207). */
const fromProvider = (name: string, description: string, required = false): JsonObject => ({
  name,
  in: "query",
  required,
  description,
  schema: { type: "string" },
});

/** The code flow; only where an identity source has it on. */
export const OIDC_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/login/oidc",
    operationId: "beginOidcLogin",
    tag: OIDC,
    summary: "Sends the browser to an identity provider to sign in",
    description: "Only where an identity source has the code flow on.",
    session: "none",
    parameters: queryParameters(QUERIES.signIn),
    answers: {
      303: {
        description: "To the identity provider.",
        headers: { Location: "Location", "Set-Cookie": "SignInCookie" },
      },
    },
    problems: ["invalid_request", "cross_origin", ...FAULTS],
  },
  {
    method: "get",
    path: "/login/oidc/callback",
    operationId: "finishOidcLogin",
    tag: OIDC,
    summary: "Starts a session for whom the identity provider sent back",
    description: "Only where an identity source has the code flow on. Each sign-in comes back once.",
    session: "optional",
    parameters: [
      fromProvider("state", "As it was given to the provider.", true),
      fromProvider("code", "The provider's authorization code."),
      fromProvider("error", "The provider's refusal."),
      fromProvider("iss", "The provider's issuer."),
      SIGN_IN_COOKIE,
    ],
    answers: {
      303: {
        description: "Logged in; to where the sign-in began.",
        headers: { Location: "Location", "Set-Cookie": "CallbackCookies" },
      },
    },
    problems: ["invalid_request", "oidc_failed", "session_limit", "policy_failed", ...CHANGE_FAULTS],
    problemHeaders: { "Set-Cookie": "MaybeClearedSignInCookie" },
  },
];
