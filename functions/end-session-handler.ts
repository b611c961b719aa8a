import { END_ANY_SESSION } from "../src/api/end-any-session.ts";
import { END_OTHER_SESSIONS, type EndedCount } from "../src/api/end-other-sessions.ts";
import { END_SESSION } from "../src/api/end-session.ts";
import { readPath } from "../src/api/parts/path.ts";
import { forgeryProblem, notLiveProblem, resolveCaller } from "../src/http/caller.ts";
import { clearedSessionCookie } from "../src/http/cookie.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { administratorProblem, administratorsSessionProblem } from "../src/http/permission.ts";
import { problem, type Problem } from "../src/http/problem.ts";
import { recentLoginProblem } from "../src/http/recent-login.ts";
import { noContent, ok, withCookie, type Reply } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import {
  isAdministratorNow,
  livePermissions,
  mayLogOut,
  mayLogOutAdministrators,
} from "../src/identity/permissions.ts";
import type { Session } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { parseSessionId, type SessionToken } from "../src/sessions/token.ts";

export interface EndSessionDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate" | "endOne" | "endOthers" | "revokeOne">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  readonly settings: OriginSettings & Pick<FunctionSettings, "reauthWithin">;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * `DELETE /sessions/{id}` and `DELETE /sessions`: a user ends one of the own sessions, or all others.
 * `DELETE /admin/sessions/{id}`: an administrator ends one of anybody.
 */
export function createEndSessionHandler(dependencies: EndSessionDependencies): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    const { input: request, record } = call;
    const foreign = forgeryProblem(request, dependencies.settings);
    if (foreign !== undefined) return foreign;
    const caller = await resolveCaller(request, dependencies.store, { touch: false });
    if (caller.outcome === "refused") return caller.problem;
    record.note({ userId: caller.session.user.id, sessionId: caller.session.id });
    // By the path, not by a parameter that a route may fail to name: an id that got lost must not end others.
    const anybodys = readPath(END_ANY_SESSION.path, request.path);
    if (anybodys !== undefined) return endOneOfAnybody(call, caller.session, anybodys.id ?? "", dependencies);
    const text = readPath(END_SESSION.path, request.path)?.id;
    if (text === undefined && readPath(END_OTHER_SESSIONS.path, request.path) !== undefined) {
      return staleLoginProblem(caller.session, dependencies) ?? endOthers(call, caller.token, dependencies);
    }
    const id = parseSessionId(text ?? "");
    if (id === undefined) return notFound();
    const isOwn = id === caller.session.id;
    const stale = isOwn ? undefined : staleLoginProblem(caller.session, dependencies);
    return stale ?? endOne(call, caller, id, dependencies);
  });
}

/** Whoever finds an open browser must not sign its user out everywhere else. */
const staleLoginProblem = (
  session: Session,
  { settings: { reauthWithin }, clock }: Pick<EndSessionDependencies, "settings" | "clock">,
): Problem | undefined =>
  recentLoginProblem(session, "Ending another session", { reauthWithin, now: clock() });

async function endOthers(
  { record }: HttpCall,
  token: SessionToken,
  { store }: EndSessionDependencies,
): Promise<Reply> {
  const outcome = await store.endOthers(token);
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "not-live") return whyNotLive(token, store);
  const sessionCount = outcome.sessionIds.length;
  record.note({ sessionCount });
  return ok({ sessionCount } satisfies EndedCount);
}

async function endOne(
  { record }: HttpCall,
  caller: Extract<Awaited<ReturnType<typeof resolveCaller>>, { outcome: "live" }>,
  id: NonNullable<ReturnType<typeof parseSessionId>>,
  { store }: EndSessionDependencies,
): Promise<Reply> {
  const outcome = await store.endOne(caller.token, id);
  record.note({ outcome: outcome.outcome });
  switch (outcome.outcome) {
    case "ended":
      record.count("Logouts");
      return id === caller.session.id ? withCookie(noContent(), clearedSessionCookie()) : noContent();
    case "not-found":
      return notFound();
    case "not-live":
      return whyNotLive(caller.token, store);
  }
}

/**
 * By the permissions of `POST /admin/logout`. The id is looked for only after them, so that somebody without
 * permission learns of no session whether it is live.
 */
async function endOneOfAnybody(
  { record }: HttpCall,
  caller: Session,
  idText: string,
  { store, directory }: EndSessionDependencies,
): Promise<Reply> {
  const actor = await livePermissions(directory, caller.user);
  if (!mayLogOut(actor)) return administratorProblem();
  const sessionId = parseSessionId(idText);
  if (sessionId === undefined) return noLiveSession();
  const outcome = await store.revokeOne({
    sessionId,
    revokedBy: actor.id,
    spare: async ({ user }) => !mayLogOutAdministrators(actor) && (await isAdministratorNow(directory, user)),
  });
  record.note({ outcome: outcome.outcome });
  switch (outcome.outcome) {
    case "ended":
      record.count("Revoked");
      record.audit({
        action: "end_session",
        actor: actor.id,
        targetUserId: outcome.userId,
        targetSessionId: sessionId,
      });
      return noContent();
    case "spared":
      return administratorsSessionProblem();
    case "not-found":
      return noLiveSession();
  }
}

/** For a caller whose session ended between the check and the call. */
async function whyNotLive(token: SessionToken, store: EndSessionDependencies["store"]): Promise<Problem> {
  const validation = await store.validate(token, { touch: false });
  return notLiveProblem(validation.outcome === "live" ? { outcome: "unknown" } : validation);
}

const notFound = (): Problem => problem("not_found", { detail: "None of your sessions has this id." });

const noLiveSession = (): Problem => problem("not_found", { detail: "No live session has this id." });
