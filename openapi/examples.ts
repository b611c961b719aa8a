import { STATUS_CODES } from "node:http";
import { PROBLEM_STATUS, type ProblemCode } from "../src/http/problem.ts";
import { problemType } from "../src/http/problem-type.ts";
import type { Json, JsonObject } from "./json-schema.ts";

/** Real answers of a local stack; a test compares the shape of each with answers it gets. */

const FIREFOX: JsonObject = {
  id: "HFWNwa1tZgNZ-zQitO86mqrNSgCewX71TNTuhuSWnx0",
  createdAt: "2026-11-23T09:55:32.900Z",
  lastSeenAt: "2026-11-23T09:55:32.900Z",
  idleExpiresAt: "2026-11-23T10:25:32.900Z",
  expiresAt: "2026-11-23T21:55:32.900Z",
  device: {
    label: "Firefox on macOS",
    class: "desktop",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:132.0) Gecko/20100101 Firefox/132.0",
    address: "192.0.2.7",
  },
};
const ALICE: JsonObject = { id: "alice", isAdmin: false, permissions: [] };
const ENDED_AT = "2026-11-23T09:55:32.900Z";
const REQUEST_ID = "a0Kf3h7yFiAEMXQ=";

const ANSWERS: Readonly<Record<string, Json>> = {
  loggedIn: { user: ALICE, session: FIREFOX, displaced: [] },
  loggedInWithToken: {
    user: ALICE,
    session: FIREFOX,
    displaced: [
      {
        id: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
        createdAt: "2026-11-23T09:55:32.671Z",
        device: { label: "Chrome on Windows", class: "desktop" },
      },
    ],
    // The first 32 numbers: nobody's token.
    token: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  },
  signedIn: { user: ALICE, session: FIREFOX },
  ownSessions: { sessions: [{ ...FIREFOX, current: true }] },
  sessionCount: { sessionCount: 1 },
  adminLogout: {
    loggedOut: [{ userId: "bob", sessionCount: 1 }],
    skipped: [{ userId: "admin", reason: "administrator" }],
    unfinished: [],
  },
  sessionPage: {
    sessions: [{ userId: "alice", isAdmin: false, ...FIREFOX }],
    cursor:
      "WyJieVVzZXIiLHsiY3JlYXRlZEF0IjoxNzk1NDI3NzMzMDcyLCJ1c2VySWQiOiJhZG1pbiIsInBrIjoic2Vzc2lvbiNBcDFPc0RfTHZpcU5peUxnc2dEdmtlV1N3b1NMNWJJR1ZPM18xMHVrZUUwIn1d",
  },
  endingPage: {
    endings: [
      {
        sessionId: "HFWNwa1tZgNZ-zQitO86mqrNSgCewX71TNTuhuSWnx0",
        userId: "alice",
        reason: "logged_out",
        endedAt: "2026-11-23T09:55:34.385Z",
        endedBy: "alice",
        endedDevice: "Firefox on macOS",
      },
      {
        sessionId: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
        userId: "alice",
        reason: "displaced",
        endedAt: ENDED_AT,
        endedBy: "alice",
        endedDevice: "Chrome on Windows",
        displacedByDevice: "Firefox on macOS",
      },
    ],
  },
};

const REQUESTS: Readonly<Record<string, Json>> = {
  password: { username: "alice", password: "local-demo-only" },
  // The header and the payload of RFC 7519 section 3.1, and no signature.
  idToken: { idToken: "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2lnbmF0dXJl" },
  takeover: { username: "alice", password: "local-demo-only", takeover: true },
  deliverToken: {
    username: "alice",
    password: "local-demo-only",
    deliver: "token",
    device: { class: "mobile", label: "MyBank on Pixel 8" },
  },
  logOutUsers: { userIds: ["bob", "admin"], includeAdmins: false },
};

const PROBLEMS: Readonly<Record<ProblemCode, JsonObject & { readonly detail: string }>> = {
  invalid_json: { detail: "The body is not JSON in UTF-8 (RFC 8259)." },
  invalid_request: {
    detail: "The body is not as this call accepts it.",
    errors: [
      {
        pointer: "#/password",
        detail: "password is missing; accepted is a string of 1 to 1024 characters.",
      },
    ],
  },
  no_session: { detail: "The request carries no session token." },
  session_expired: { detail: "The session expired.", endedAt: ENDED_AT },
  session_displaced: {
    detail: "A newer login of the same user ended the session.",
    endedAt: ENDED_AT,
    by: { device: "Firefox on macOS" },
  },
  session_logged_out: { detail: "The session was logged out.", endedAt: ENDED_AT },
  session_revoked: {
    detail: "An administrator ended the session.",
    endedAt: ENDED_AT,
    by: { administrator: true },
  },
  session_unknown: { detail: "There is no such session." },
  invalid_credentials: { detail: "The user name or the password is not right." },
  oidc_failed: {
    detail: "The identity provider did not sign you in.",
    reason: "refused_by_provider",
    error: "access_denied",
  },
  cdn_required: { detail: "This API answers only what comes through its CDN." },
  cross_origin: {
    detail:
      'This call came from "https://evil.example"; accepted are the API\'s own origin and the setting allowedOrigins.',
  },
  permission_required: {
    detail: "includeAdmins needs the permission single_session.logout_all. Nobody was logged out.",
    permissions: ["single_session.logout_all"],
  },
  reauthentication_required: {
    detail:
      "Ending another session needs a login of the last 900 seconds. Log in again, then repeat the call.",
    reauthWithin: 900,
  },
  not_found: { detail: "You have no such session." },
  session_limit: {
    detail: "The user has as many sessions as the session policy allows.",
    atLimit: "ask",
    sessions: [FIREFOX],
  },
  body_too_large: { detail: "The body has 16385 bytes; accepted are at most 16384." },
  unsupported_media_type: { detail: "content-type is missing; accepted is application/json." },
  too_many_attempts: { detail: "Too many failed attempts. Try again in 30 seconds." },
  internal: {
    detail: "Something went wrong inside; the logs have this request's id.",
    requestId: REQUEST_ID,
  },
  policy_failed: {
    detail: "The session policy of this service failed. Nothing was changed.",
    requestId: REQUEST_ID,
  },
  outcome_unknown: {
    detail: "The database took the change and did not answer: it may or may not have happened.",
    requestId: REQUEST_ID,
  },
  unavailable: {
    detail: "The database could not be asked. Nothing was changed; try again.",
    requestId: REQUEST_ID,
  },
};

const asProblem = (code: ProblemCode): JsonObject => {
  const status = PROBLEM_STATUS[code];
  return {
    type: problemType(code),
    status,
    title: STATUS_CODES[status] ?? "Error",
    code,
    ...PROBLEMS[code],
  };
};

/** The document's examples: of each problem by its code, of what else is sent by a name. */
export const EXAMPLES: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  Object.entries({
    ...REQUESTS,
    ...ANSWERS,
    ...Object.fromEntries((Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [code, asProblem(code)])),
  }).map(([name, value]) => [name, { value }]),
);
