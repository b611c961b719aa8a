import type { Context } from "aws-lambda";
import { END_ANY_QUERY, END_ANY_SESSION, type WouldEnd } from "../src/api/end-any-session.ts";
import { END_OTHER_SESSIONS, type EndedCount } from "../src/api/end-other-sessions.ts";
import { END_SESSION } from "../src/api/end-session.ts";
import { readPath } from "../src/api/parts/path.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import type { HttpRequest } from "../src/http/request.ts";
import {
  credentialOf,
  forgeryProblem,
  notLiveProblem,
  resolveCaller,
  type CallerResolution,
} from "../src/http/caller.ts";
import { clearedSessionCookie } from "../src/http/cookie.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { administratorProblem, administratorsSessionProblem } from "../src/http/permission.ts";
import { invalidRequest, problem, type Problem } from "../src/http/problem.ts";
import { recentLoginProblem } from "../src/http/recent-login.ts";
import { noContent, ok, withCookie, type Reply } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import { BAD_QUERY, checkQuery } from "../src/http/schema.ts";
import { showUserSession } from "../src/http/views.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayLogOut, mayLogOutAdministrators } from "../src/identity/permissions.ts";
import type { Session } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { parseSessionId, type SessionId } from "../src/sessions/token.ts";
import type { KeepAct } from "./administrators-acts.ts";
import { createTwoWayFunction } from "./direct-invocation.ts";
import { endAnySession, refuseEnding } from "./end-any-session.ts";
import { createEndSessionInvocation } from "./end-session-invocation.ts";
import { forgedCaller } from "./forged-caller.ts";

export interface EndSessionDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate" | "endOne" | "endOthers" | "revokeOne">;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  readonly settings: OriginSettings & Pick<FunctionSettings, "reauthWithin">;
  /** Absent where activity is off. */
  readonly keepAct?: KeepAct | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

type Caller = Extract<CallerResolution, { outcome: "live" }>;

/**
 * `DELETE /sessions/{id}` and `DELETE /sessions`: a user ends one of the own sessions, or all others.
 * `DELETE /admin/sessions/{id}`: an administrator ends one of anybody, and so does a direct invocation.
 */
export function createEndSessionHandler(
  dependencies: EndSessionDependencies,
): (event: unknown, context: Context) => Promise<unknown> {
  return createTwoWayFunction(endOverHttp(dependencies), createEndSessionInvocation(dependencies));
}

function endOverHttp(dependencies: EndSessionDependencies): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    const { input: request, record } = call;
    const foreign = forgeryProblem(request, dependencies.settings);
    if (foreign !== undefined) {
      await tellForgery(call, foreign, dependencies);
      return foreign;
    }
    const { store, bound } = dependencies;
    const caller = await resolveCaller(request, store, { touch: false, bound, record });
    if (caller.outcome === "refused") return caller.problem;
    record.note({ userId: caller.session.user.id, sessionId: caller.session.id });
    // By the path, not by a parameter that a route may fail to name: an id that got lost must not end others.
    const anybodys = readPath(END_ANY_SESSION.path, request.path);
    if (anybodys !== undefined) return endOneOfAnybody(call, caller.session, anybodys.id ?? "", dependencies);
    const text = readPath(END_SESSION.path, request.path)?.id;
    if (text === undefined && readPath(END_OTHER_SESSIONS.path, request.path) !== undefined) {
      return staleLoginProblem(caller.session, dependencies) ?? endOthers(call, caller, dependencies);
    }
    const id = parseSessionId(text ?? "");
    if (id === undefined) return notFound();
    const isOwn = id === caller.session.id;
    const stale = isOwn ? undefined : staleLoginProblem(caller.session, dependencies);
    return stale ?? endOne(call, caller, id, dependencies);
  });
}

/** A forged call that would have been an administrators' act has its account in the log. */
async function tellForgery(
  call: HttpCall,
  { code }: Problem,
  dependencies: EndSessionDependencies,
): Promise<void> {
  const { input: request } = call;
  const anybodys = readPath(END_ANY_SESSION.path, request.path);
  if (anybodys === undefined) return;
  const actor = await forgedCaller(request, dependencies.store);
  if (actor === undefined) return;
  await refuseEnding(call, { actor, sessionId: parseSessionId(anybodys.id ?? "") }, code, dependencies);
}

/** A person who finds an open browser must not be able to sign its user out everywhere else. */
const staleLoginProblem = (
  session: Session,
  { settings: { reauthWithin }, clock }: Pick<EndSessionDependencies, "settings" | "clock">,
): Problem | undefined =>
  recentLoginProblem(session, "Ending another session", { reauthWithin, now: clock() });

async function endOthers(
  call: HttpCall,
  caller: Caller,
  dependencies: EndSessionDependencies,
): Promise<Reply> {
  const { record } = call;
  const outcome = await dependencies.store.endOthers(credentialOf(caller.token));
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "not-live") return whyNotLive(call, dependencies);
  const sessionCount = outcome.sessionIds.length;
  record.note({ sessionCount });
  return ok({ sessionCount } satisfies EndedCount);
}

async function endOne(
  call: HttpCall,
  caller: Caller,
  id: SessionId,
  dependencies: EndSessionDependencies,
): Promise<Reply> {
  const { record } = call;
  const outcome = await dependencies.store.endOne(credentialOf(caller.token), id);
  record.note({ outcome: outcome.outcome });
  switch (outcome.outcome) {
    case "ended":
      record.count("Logouts");
      return id === caller.session.id ? withCookie(noContent(), clearedSessionCookie()) : noContent();
    case "not-found":
      return notFound();
    case "not-live":
      return whyNotLive(call, dependencies);
  }
}

/**
 * By the permissions of `POST /admin/logout`. The id is looked for only after them, so that somebody without
 * permission learns of no session whether it is live.
 */
async function endOneOfAnybody(
  call: HttpCall,
  caller: Session,
  idText: string,
  dependencies: EndSessionDependencies,
): Promise<Reply> {
  const actor = await livePermissions(dependencies.directory, caller.user);
  const sessionId = parseSessionId(idText);
  const refuse = async (refusal: Problem): Promise<Problem> => {
    await refuseEnding(call, { actor: actor.id, sessionId }, refusal.code, dependencies);
    return refusal;
  };
  if (!mayLogOut(actor)) return refuse(administratorProblem());
  const query = checkQuery(END_ANY_QUERY, call.input.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  if (sessionId === undefined) return refuse(noLiveSession());
  const { reason, dryRun } = query.value;
  const request = {
    sessionId,
    actor: actor.id,
    includeAdmins: mayLogOutAdministrators(actor),
    reason,
    dryRun: dryRun === "true",
  };
  const outcome = await endAnySession(request, call, dependencies);
  switch (outcome.outcome) {
    case "ended":
      return noContent();
    case "would-end":
      return ok({ dryRun: true, session: showUserSession(outcome.session) } satisfies WouldEnd);
    case "spared":
      return administratorsSessionProblem();
    case "not-found":
      return noLiveSession();
  }
}

/** For a caller whose session ended between the check and the call. */
async function whyNotLive(
  { input: request, record }: HttpCall,
  { store, bound }: EndSessionDependencies,
): Promise<Problem> {
  const caller = await resolveCaller(request, store, { touch: false, bound, record });
  return caller.outcome === "live" ? notLiveProblem({ outcome: "unknown" }) : caller.problem;
}

const notFound = (): Problem => problem("not_found", { detail: "None of your sessions has this id." });

const noLiveSession = (): Problem => problem("not_found", { detail: "No live session has this id." });
