import { RevocationRefusedError } from "../../functions/admin-logout-invocation.ts";
import { PROBLEM_STATUS } from "../../src/api/parts/problem-codes.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { SECURITY_HEADERS } from "../../src/http/reply.ts";
import type { LaneName } from "./lanes.ts";
import { httpParts, isHttp, isObject, outcomeOf, type Observation } from "./observation.ts";

const statuses = (...codes: (keyof typeof PROBLEM_STATUS)[]): string[] =>
  codes.map((code) => `${PROBLEM_STATUS[code]} ${code}`);

const NOT_LIVE = statuses(
  "no_session",
  "session_expired",
  "session_displaced",
  "session_logged_out",
  "session_revoked",
  "session_unknown",
);
const BODY = statuses("invalid_json", "body_too_large", "unsupported_media_type");
const INVALID = statuses("invalid_request");
const FOREIGN = statuses("cross_origin");
const NOT_ALLOWED = statuses("permission_required");
const LIMIT = statuses("session_limit");
/** Of functions that are invoked directly as well: what is no event of an API is taken for that. */
const DIRECT = ["invalid_request"];
const LOGIN = ["201", ...INVALID, ...BODY, ...FOREIGN, ...LIMIT, ...DIRECT].concat(
  statuses("invalid_credentials", "too_many_attempts"),
);

/** Every answer that each lane is documented to give to what comes from outside (design section 6). */
export const DOCUMENTED: Readonly<Record<LaneName, readonly string[]>> = {
  "login-password": LOGIN,
  "login-id-token": LOGIN,
  "login-direct": ["ok", "session_limit", ...DIRECT, ...INVALID],
  "login-oidc": ["303", ...INVALID, ...FOREIGN, ...LIMIT, ...statuses("oidc_failed")],
  logout: ["204", ...INVALID, ...FOREIGN],
  validate: ["200", ...INVALID, ...NOT_LIVE],
  authorize: ["authorized", "not authorized"],
  "list-sessions": ["200", ...INVALID, ...NOT_LIVE, ...NOT_ALLOWED],
  activity: ["200", ...INVALID, ...NOT_LIVE, ...NOT_ALLOWED],
  jobs: ["200", "202", ...INVALID, ...BODY, ...NOT_LIVE, ...FOREIGN, ...NOT_ALLOWED].concat(
    statuses("not_found"),
  ),
  "end-session": ["200", "204", ...INVALID, ...NOT_LIVE, ...FOREIGN, ...NOT_ALLOWED, ...DIRECT].concat(
    statuses("reauthentication_required", "not_found"),
  ),
  "end-session-direct": ["ok", "not_found", "permission_required", ...DIRECT, ...INVALID],
  "admin-logout": ["200", ...INVALID, ...BODY, ...NOT_LIVE, ...FOREIGN, ...NOT_ALLOWED, ...DIRECT],
  "admin-logout-direct": ["ok", ...DIRECT, ...INVALID],
};

/**
 * What is wrong with the form of an answer: thrown, a 5xx, an undocumented one, or not as every answer must
 * be.
 */
export function shapeProblems(observation: Observation): string[] {
  if (isRefusedEvent(observation)) return [];
  if ("thrown" in observation.answer) return [`the handler threw ${nameOf(observation.answer.thrown)}`];
  const { returned } = observation.answer;
  const outcome = outcomeOf(observation);
  const problems = DOCUMENTED[observation.lane].includes(outcome)
    ? []
    : [`the answer ${outcome} is none that ${observation.lane} is documented to give`];
  if (observation.handler === "authorize") return [...problems, ...authorizationProblems(returned)];
  return [...problems, ...(isHttp(observation) ? httpProblems(returned) : directProblems(returned))];
}

/** Whoever sent an event reads no answer: a refusal is thrown. */
const isRefusedEvent = ({ handler, event, answer }: Observation): boolean =>
  handler === "admin-logout" &&
  !isHttp({ handler, event }) &&
  "thrown" in answer &&
  answer.thrown instanceof RevocationRefusedError;

const nameOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message.slice(0, 200)}` : typeof thrown;

function httpProblems(returned: unknown): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const { status, headers, cookies, text, body } = httpParts(returned);
  expect(isObject(returned) && returned["isBase64Encoded"] === false, "isBase64Encoded is not false");
  expect(isObject(returned) && typeof returned["body"] === "string", "the body is not text");
  expect(Number.isInteger(status) && status >= 200 && status < 500, `the status is ${status}`);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect(headers[name] === value, `the header ${name} is ${String(headers[name])}`);
  for (const [name, value] of Object.entries(headers))
    expect(typeof value === "string" && /^[\x20-\x7e]*$/.test(value), `the header ${name} cannot be sent`);
  for (const cookie of cookies)
    expect(/^__Host-(session|device|oidc)=[\w-]*; [\x20-\x7e]*$/.test(cookie), "a cookie is none of ours");
  const type = headers["Content-Type"];
  if (text === "") {
    expect(status === 204 || status === 303, `the status ${status} has no body`);
    expect((status === 303) === "Location" in headers, "a redirect has a Location, and nothing else has one");
    return problems;
  }
  expect(Object.keys(body).length > 0, "the body is no JSON object");
  if (status < 400)
    return [...problems, ...(type === "application/json" ? [] : [`the type is ${String(type)}`])];
  const { code, title, detail } = body;
  expect(body["type"] === problemType(String(code)), `the problem type is ${String(body["type"])}`);
  expect(type === "application/problem+json", `the type of a problem is ${String(type)}`);
  expect(body["status"] === status, "the problem has another status than the answer");
  expect(
    (PROBLEM_STATUS as Record<string, number>)[String(code)] === status,
    `the code ${String(code)} has another status`,
  );
  expect(typeof title === "string" && typeof detail === "string", "the problem has no title or detail");
  expect((status === 401) === "WWW-Authenticate" in headers, "401 has a challenge, and nothing else has one");
  expect(
    (status === 429) === /^[1-9]\d*$/.test(String(headers["Retry-After"])),
    "429 says when to come again",
  );
  return problems;
}

function directProblems(returned: unknown): string[] {
  if (!isObject(returned)) return ["a direct invocation was answered with no object"];
  if (!("code" in returned))
    return ["token", "loggedOut", "sessionId"].some((name) => name in returned)
      ? []
      : ["the answer is no result"];
  return String(returned["code"]) in PROBLEM_STATUS && typeof returned["detail"] === "string"
    ? []
    : ["the refusal has no known code or no detail"];
}

function authorizationProblems(returned: unknown): string[] {
  if (!isObject(returned)) return ["the authorizer answered no object"];
  const keys = Object.keys(returned).sort().join();
  const expected = returned["isAuthorized"] === true ? "context,isAuthorized" : "isAuthorized";
  return keys === expected ? [] : [`the authorizer answered ${keys}`];
}
