import { schemaRef, type JsonObject } from "./json-schema.ts";
import { BODY_PROBLEMS, CHANGE_FAULTS, FAULTS, NOT_LIVE, type Operation } from "./operation.ts";

const WATCH: JsonObject = {
  name: "watch",
  in: "query",
  description: "Asks without counting as activity, so that polling keeps nobody's idle timeout from passing.",
  schema: { type: "string", enum: ["1"] },
};

const SESSION_ID: JsonObject = {
  name: "id",
  in: "path",
  required: true,
  description: "The id of one of the caller's own sessions.",
  schema: schemaRef("SessionId"),
};

const TAG = "Sessions";

/** What people do with their own sessions. */
export const SESSION_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/login",
    operationId: "login",
    tag: TAG,
    summary: "Starts a session, ending what the session policy says",
    description:
      "By user name and password, or by an id token, as the setting `identity` has it. A session token that comes with the " +
      "call is replaced: its session ends as logged out and does not count against the limit. When it has answered, none of " +
      "the sessions it displaced is live anywhere.",
    session: "optional",
    body: {
      schemas: ["PasswordLogin", "IdTokenLogin"],
      examples: ["password", "idToken", "takeover", "deliverToken"],
    },
    answers: {
      201: {
        description: "Logged in. The token is in the cookie, or in the body where that was asked for.",
        schema: "Login",
        examples: ["loggedIn", "loggedInWithToken"],
        headers: { "Set-Cookie": "LoginCookies" },
      },
    },
    problems: [
      ...BODY_PROBLEMS,
      "invalid_credentials",
      "cross_origin",
      "not_found",
      "session_limit",
      "too_many_attempts",
      "policy_failed",
      ...CHANGE_FAULTS,
    ],
  },
  {
    method: "post",
    path: "/logout",
    operationId: "logout",
    tag: TAG,
    summary: "Ends the session, and with `logoutAllSessions` all of its user's",
    description: "Whatever the token was worth, the answer is the same.",
    session: "optional",
    answers: {
      204: {
        description: "Logged out, and the cookie cleared.",
        headers: { "Set-Cookie": "ClearedSessionCookie" },
      },
    },
    problems: ["cross_origin", ...CHANGE_FAULTS],
  },
  {
    method: "get",
    path: "/session",
    operationId: "getSession",
    tag: TAG,
    summary: "Who is signed in, or why nobody is",
    session: "required",
    parameters: [WATCH],
    answers: { 200: { description: "The session is live.", schema: "SignedIn", examples: ["signedIn"] } },
    problems: ["invalid_request", ...NOT_LIVE, ...FAULTS],
  },
  {
    method: "get",
    path: "/sessions",
    operationId: "listOwnSessions",
    tag: TAG,
    summary: "The caller's own live sessions",
    session: "required",
    answers: {
      200: { description: "The sessions, newest first.", schema: "OwnSessions", examples: ["ownSessions"] },
    },
    problems: [...NOT_LIVE, ...FAULTS],
  },
  {
    method: "delete",
    path: "/sessions",
    operationId: "endOtherSessions",
    tag: TAG,
    summary: "Ends all of the caller's sessions but the one that asks",
    description: "Needs a login of the last `reauthWithin` seconds (ASVS 7.5.2).",
    session: "required",
    answers: {
      200: { description: "They have ended.", schema: "SessionCount", examples: ["sessionCount"] },
    },
    problems: [...NOT_LIVE, "cross_origin", "reauthentication_required", ...CHANGE_FAULTS],
  },
  {
    method: "delete",
    path: "/sessions/{id}",
    operationId: "endSession",
    tag: TAG,
    summary: "Ends one of the caller's own sessions",
    description:
      "Another one than the caller's needs a login of the last `reauthWithin` seconds (ASVS 7.5.2).",
    session: "required",
    parameters: [SESSION_ID],
    answers: {
      204: {
        description: "It has ended. Where it was the caller's own, the cookie is cleared.",
        headers: { "Set-Cookie": "MaybeClearedSessionCookie" },
      },
    },
    problems: [...NOT_LIVE, "cross_origin", "reauthentication_required", "not_found", ...CHANGE_FAULTS],
  },
];
