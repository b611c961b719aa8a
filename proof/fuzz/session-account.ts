import { SessionToken } from "../../src/sessions/token.ts";
import { httpParts, isHttp, isObject, isRefusal, type Observation } from "./observation.ts";

/** A session that an answer says was begun. */
interface Claimed {
  readonly sessionId: string;
  /** `undefined` where the answer does not say: a redirect. */
  readonly userId: string | undefined;
  readonly token: string;
}

/** The session that the answer says was begun, if it says so. */
export function claimedBy(observation: Observation): Claimed | undefined {
  if ("thrown" in observation.answer) return undefined;
  const { returned } = observation.answer;
  if (!isHttp(observation)) {
    return isObject(returned) && typeof returned["token"] === "string"
      ? claim(returned["token"], returned)
      : undefined;
  }
  const { body, cookies } = httpParts(returned);
  const inCookie = cookies.flatMap((cookie) => /^__Host-session=([^;]+)/.exec(cookie)?.[1] ?? [])[0];
  const token = inCookie ?? body["token"];
  return typeof token === "string" ? claim(token, body) : undefined;
}

function claim(token: string, { user }: Readonly<Record<string, unknown>>): Claimed {
  const sessionId = SessionToken.parse(token)?.sessionId("1") ?? "no-token";
  return { token, sessionId, userId: isObject(user) ? String(user["id"]) : undefined };
}

/**
 * Whether the sessions in the table are exactly those that the answer accounts for: none without proof of who
 * it is, none gone but those of a user who was logged in, presented a live token, or was logged out by
 * somebody who may; none at all after a refusal (I6).
 */
export function accountProblems(observation: Observation): string[] {
  const { before, after } = observation;
  const claimed = claimedBy(observation);
  const begun = [...after].filter(([id]) => !before.has(id));
  const gone = [...before].filter(([id]) => !after.has(id));
  const problems: string[] = [];
  for (const [id, userId] of begun) {
    if (id !== claimed?.sessionId)
      problems.push(`a session of ${show(userId)} was begun that no answer tells of`);
    else if (!mayBegin(observation, userId))
      problems.push(`a session of ${show(userId)} was begun without proof`);
    else if (claimed.userId !== undefined && claimed.userId !== userId)
      problems.push(`the answer names ${show(claimed.userId)}, the session is of ${show(userId)}`);
  }
  if (claimed !== undefined && !after.has(claimed.sessionId))
    problems.push("the answer tells of a session that is not there");
  if (isRefusal(observation) && begun.length + gone.length > 0) problems.push("a refusal changed sessions");
  const mayLose = new Set([
    ...begun.map(([, userId]) => userId),
    ...observation.presented.map(({ userId }) => userId),
    ...loggedOutBy(observation),
  ]);
  for (const [id, userId] of gone)
    if (!mayLose.has(userId) && id !== endedByAdministrator(observation))
      problems.push(`a session of ${show(userId)} ended who had no part in it`);
  return [...problems, ...callerProblems(observation)];
}

function mayBegin({ handler, event, proven, lane }: Observation, userId: string): boolean {
  if (!isHttp({ handler, event })) {
    const user = lane === "login-direct" && isObject(event) ? event["user"] : undefined;
    return isObject(user) && user["id"] === userId;
  }
  return (handler === "login" || handler === "login-oidc") && proven.includes(userId);
}

function loggedOutBy({ handler, answer, event }: Observation): string[] {
  if (handler !== "admin-logout" || "thrown" in answer) return [];
  const result = isHttp({ handler, event }) ? httpParts(answer.returned).body : answer.returned;
  const users = isObject(result) ? result["loggedOut"] : undefined;
  return Array.isArray(users)
    ? users.map((user: unknown) => (isObject(user) ? String(user["userId"]) : ""))
    : [];
}

/** The session that an administrator's call, or an invoker, named, where it was carried out. */
function endedByAdministrator({ handler, event }: Observation): string | undefined {
  if (handler !== "end-session") return undefined;
  if (isHttp({ handler, event })) return /\/admin\/sessions\/([^/]*)$/.exec(pathOf(event))?.[1];
  return isObject(event) ? String(event["sessionId"]) : undefined;
}

const ADMINISTRATORS = ["admin", "staff"];

/**
 * Nobody is told or does anything without a live token, nor an administrator's thing without an
 * administrator's.
 */
function callerProblems(observation: Observation): string[] {
  const { handler, answer, presented, event } = observation;
  if ("thrown" in answer || isRefusal(observation)) return [];
  const { returned } = answer;
  const ids = presented.map(({ sessionId }) => sessionId);
  if (handler === "authorize") {
    const { isAuthorized, context } = isObject(returned) ? returned : {};
    if (isAuthorized !== true) return [];
    return isObject(context) && ids.includes(String(context["sessionId"]))
      ? []
      : ["authorized without a live token"];
  }
  if (!isHttp(observation)) return [];
  const { body } = httpParts(returned);
  const isAdministrator = presented.some(({ userId }) => ADMINISTRATORS.includes(userId));
  switch (handler) {
    case "validate": {
      const { session } = body;
      return isObject(session) && ids.includes(String(session["id"]))
        ? []
        : ["a session shown without its token"];
    }
    case "end-session":
      if (ids.length === 0) return ["sessions ended without a live token"];
      return isAdministrator || !pathOf(event).includes("/admin/")
        ? []
        : ["anybody's session ended without an administrator"];
    case "list-sessions":
      return ids.length > 0 && (isAdministrator || isOwnList(body, event))
        ? []
        : ["a list shown to somebody else"];
    case "activity":
      return ids.length > 0 && (isAdministrator || isOwnActivity(body, event))
        ? []
        : ["activity shown to somebody else"];
    case "jobs":
      return isAdministrator ? [] : ["jobs shown to, or started for, somebody else"];
    case "admin-logout":
      return isAdministrator ? [] : ["an administrators' logout without an administrator"];
    case "login":
    case "login-oidc":
    case "logout":
      return [];
  }
}

/** Own lists name no users; the caller's own session is in them. */
function isOwnList({ sessions }: Readonly<Record<string, unknown>>, event: unknown): boolean {
  if (!Array.isArray(sessions)) return false;
  return !pathOf(event).includes("/admin/") && sessions.every((one) => isObject(one) && !("userId" in one));
}

/** One's own says of nobody who it was, and nothing of administrators' acts. */
function isOwnActivity({ activity }: Readonly<Record<string, unknown>>, event: unknown): boolean {
  if (!Array.isArray(activity) || pathOf(event).includes("/admin/")) return false;
  return activity.every((one) => isObject(one) && !("userId" in one) && !("act" in one));
}

const pathOf = (event: unknown): string => (isObject(event) ? String(event["rawPath"] ?? event["path"]) : "");

const show = (userId: string): string => JSON.stringify(userId.slice(0, 40));
