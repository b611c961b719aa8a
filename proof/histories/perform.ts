import type { GatewayResponse } from "../../src/http/reply.ts";
import type { ChangeOutcome, InvalidUser } from "../../src/identity/manage-users.ts";
import type { Answer, Call, DeadReason, SessionRef } from "./history.ts";
import type { FunctionInstance } from "./instance.ts";

/** What a call carries that no history may show. */
export interface Secrets {
  /** The token of `session`, or the presented one. */
  readonly token?: string;
  readonly password?: string;
  readonly idToken?: string;
}

export interface Performed {
  readonly answer: Answer;
  /** Of a login. */
  readonly token?: string;
}

type Body = Record<string, unknown>;
interface SessionView {
  readonly id: string;
  readonly idleExpiresAt: string;
  readonly expiresAt: string;
}

/** Makes a call, and says its answer in the words of the history. */
export async function perform(
  instance: FunctionInstance,
  call: Exclude<Call, { call: "adminLogout" }>,
  secrets: Secrets,
  options: { readonly address: string; readonly watch: boolean },
): Promise<Performed> {
  const { address } = options;
  const headers = bearer(secrets.token);
  switch (call.call) {
    case "login":
      return call.source === "trusted"
        ? logInDirectly(instance, call)
        : logIn(await instance.send("POST /login", { address, ...loginBody(call, secrets) }));
    case "validate": {
      const query = options.watch ? "watch=1" : "";
      return { answer: sessionAnswer(await instance.send("GET /session", { address, headers, query })) };
    }
    case "logout":
      return { answer: sessionAnswer(await instance.send("POST /logout", { address, headers })) };
    case "endOne":
      return {
        answer: sessionAnswer(await instance.send(`DELETE /sessions/${call.target}`, { address, headers })),
      };
    case "endOthers":
      return { answer: sessionAnswer(await instance.send("DELETE /sessions", { address, headers })) };
    case "disable":
      return { answer: await managed(() => instance.users.disableUser(call.userId)) };
    case "enable":
      return { answer: await managed(() => instance.users.enableUser(call.userId)) };
    case "changePassword":
      return {
        answer: await managed(() => instance.users.setPassword(call.userId, secrets.password ?? "")),
      };
  }
}

/** The administrators' logout of several users: an answer for each. */
export async function performAdminLogout(
  instance: FunctionInstance,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Answer>> {
  let result: unknown;
  try {
    result = await instance.invoke("admin-logout", { userIds, includeAdmins: false });
  } catch (error) {
    const answer = thrown(error);
    return new Map(userIds.map((userId) => [userId, answer]));
  }
  const { loggedOut = [], unfinished = [] } = result as {
    loggedOut?: { userId: string; sessionCount: number }[];
    unfinished?: string[];
  };
  const answers = new Map<string, Answer>(
    loggedOut.map(({ userId, sessionCount }) => [userId, { answer: "done", count: sessionCount }]),
  );
  for (const userId of unfinished) answers.set(userId, { answer: "unavailable", effect: "unknown" });
  const forgotten: Answer = { answer: "fault", status: 200, code: "user id in none of the lists" };
  return new Map(userIds.map((userId) => [userId, answers.get(userId) ?? forgotten]));
}

/** `GET /sessions`: what it says of each session, as a validation would have, or its refusal. */
export async function performList(
  instance: FunctionInstance,
  token: string,
  address: string,
): Promise<ReadonlyMap<SessionRef, Answer> | Answer> {
  const response = await instance.send("GET /sessions", { address, headers: bearer(token) });
  if (response.statusCode !== 200) return sessionAnswer(response);
  const { sessions } = bodyOf(response) as { sessions: SessionView[] };
  return new Map(sessions.map((session) => [session.id, live(session)]));
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

function loginBody(
  call: Extract<Call, { call: "login" }>,
  { token, password, idToken }: Secrets,
): { readonly headers: Record<string, string>; readonly body: string } {
  const { userId, takeover, end } = call;
  const credentials = call.source === "passwords" ? { username: userId, password } : { idToken };
  return {
    headers: { "content-type": "application/json", ...bearer(token) },
    body: JSON.stringify({ ...credentials, takeover, end, deliver: "token" }),
  };
}

async function logInDirectly(
  instance: FunctionInstance,
  { userId, takeover, end }: Extract<Call, { call: "login" }>,
): Promise<Performed> {
  try {
    const result = (await instance.invoke("login", { user: { id: userId }, takeover, end })) as Body;
    const code = result["code"];
    return typeof code === "string" ? { answer: loginRefusal(200, code, result) } : loggedIn(result);
  } catch (error) {
    return { answer: thrown(error) };
  }
}

function logIn(response: GatewayResponse): Performed {
  const body = bodyOf(response);
  return response.statusCode === 201
    ? loggedIn(body)
    : { answer: loginRefusal(response.statusCode, codeOf(body), body) };
}

function loggedIn(body: Body): Performed {
  const { session, displaced, token } = body as unknown as {
    session: SessionView;
    displaced: { id: string }[];
    token: string;
  };
  const { idleExpiresAt, expiresAt } = timesOf(session);
  return {
    token,
    answer: {
      answer: "loggedIn",
      session: session.id,
      displaced: displaced.map(({ id }) => id),
      idleExpiresAt,
      expiresAt,
    },
  };
}

function loginRefusal(status: number, code: string, body: Body): Answer {
  if (code === "session_limit") {
    const sessions = (body["sessions"] as SessionView[]).map(({ id }) => id);
    return { answer: "limit", sessions };
  }
  if (code === "invalid_credentials") return { answer: "refused" };
  // The throttle speaks before anybody looks at the password: nothing is said of it, and nothing was done.
  if (code === "too_many_attempts") return { answer: "unavailable", effect: "none" };
  return unavailableOrFault(status, code);
}

const DEAD: Readonly<Record<string, DeadReason>> = {
  session_expired: "expired",
  session_displaced: "displaced",
  session_logged_out: "logged_out",
  session_revoked: "revoked",
  session_unknown: "unknown",
  no_session: "no_session",
};

/** The answer of a call that a session token makes. */
function sessionAnswer(response: GatewayResponse): Answer {
  const { statusCode } = response;
  const body = bodyOf(response);
  if (statusCode === 204) return { answer: "done" };
  if (statusCode === 200) {
    const { session, sessionCount } = body as { session?: SessionView; sessionCount?: number };
    return session === undefined ? { answer: "done", count: sessionCount ?? 0 } : live(session);
  }
  const code = codeOf(body);
  const reason = DEAD[code];
  if (statusCode === 401 && reason !== undefined) return { answer: "dead", reason };
  return statusCode === 404 ? { answer: "notFound" } : unavailableOrFault(statusCode, code);
}

async function managed(
  change: () => Promise<ChangeOutcome | InvalidUser | "changed" | "not-found">,
): Promise<Answer> {
  try {
    const result = await change();
    const outcome = typeof result === "string" ? result : result.outcome;
    if (outcome === "not-found") return { answer: "notFound" };
    if (outcome === "invalid") return { answer: "fault", status: 400, code: "invalid user" };
    return {
      answer: "done",
      ...(typeof result === "object" && "sessionCount" in result && { count: result.sessionCount }),
    };
  } catch (error) {
    return thrown(error);
  }
}

/** By name, not by class: the product may have been loaded from another checkout. */
function thrown(error: unknown): Answer {
  const { name, effect, message } = error as { name?: string; effect?: "none" | "unknown"; message?: string };
  if (name === "StoreUnavailableError" && effect !== undefined) return { answer: "unavailable", effect };
  if (name === "SessionsMayLiveError") return { answer: "unavailable", effect: "unknown" };
  return { answer: "fault", status: 500, code: `${String(name)}: ${String(message)}` };
}

function unavailableOrFault(status: number, code: string): Answer {
  if (status === 503 && code === "unavailable") return { answer: "unavailable", effect: "none" };
  if (status === 503 && code === "outcome_unknown") return { answer: "unavailable", effect: "unknown" };
  return { answer: "fault", status, code };
}

const bodyOf = (response: GatewayResponse): Body =>
  response.body === "" ? {} : (JSON.parse(response.body) as Body);

const codeOf = (body: Body): string => String(body["code"]);

const live = (session: SessionView): Answer => ({ answer: "live", ...timesOf(session) });

const timesOf = (session: SessionView): { readonly idleExpiresAt: number; readonly expiresAt: number } => ({
  idleExpiresAt: Date.parse(session.idleExpiresAt),
  expiresAt: Date.parse(session.expiresAt),
});
