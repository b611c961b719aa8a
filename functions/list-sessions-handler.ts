import { ENDINGS_QUERY, LIST_ENDINGS, type EndingPage } from "../src/api/list-endings.ts";
import type { OwnSessions } from "../src/api/list-own-sessions.ts";
import { LIST_SESSIONS, SESSIONS_QUERY, type SessionPage } from "../src/api/list-sessions.ts";
import type { HttpCall, HttpFunction } from "../src/http/endpoint.ts";
import { nextPage, toPageRequest } from "../src/http/pages.ts";
import { invalidRequest } from "../src/http/problem.ts";
import { ok, type Reply } from "../src/http/reply.ts";
import { BAD_QUERY, checkQuery } from "../src/http/schema.ts";
import { showEnding, showSession, showUserSession } from "../src/http/views.ts";
import type { Session } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { createReadingFunction, type ReadingDependencies } from "./reading-function.ts";

export interface ListSessionsDependencies extends ReadingDependencies {
  readonly store: Pick<SessionStore, "validate" | "listUser" | "listAll" | "listEndings">;
}

/** `GET /sessions`, `GET /admin/sessions` and `GET /admin/endings`. */
export function createListSessionsHandler(dependencies: ListSessionsDependencies): HttpFunction {
  return createReadingFunction(dependencies, {
    administrators: { [LIST_SESSIONS.path]: listForAdministrator, [LIST_ENDINGS.path]: listEndings },
    own: listOwn,
  });
}

const OWN_PAGE = 100;

async function listOwn(
  _call: HttpCall,
  current: Session,
  { store }: ListSessionsDependencies,
): Promise<Reply> {
  const found = new Map<string, Session>();
  let cursor: string | undefined;
  do {
    const page = await store.listUser(current.user.id, {
      limit: OWN_PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    for (const session of page.items) found.set(session.id, session);
    cursor = page.cursor;
  } while (cursor !== undefined);
  // The index may not have it yet, and a list has the session that asks for it.
  found.set(current.id, current);
  const newestFirst = [...found.values()].sort((a, b) => b.createdAt - a.createdAt);
  return ok({
    sessions: newestFirst.map((session) => ({
      ...showSession(session),
      ...(session.id === current.id && { current: true as const }),
    })),
  } satisfies OwnSessions);
}

async function listForAdministrator(
  { input: request, record }: HttpCall,
  caller: Session,
  { store }: ListSessionsDependencies,
): Promise<Reply> {
  const query = checkQuery(SESSIONS_QUERY, request.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const { userId } = query.value;
  const page =
    userId === undefined
      ? await store.listAll(toPageRequest(query.value))
      : await store.listUser(userId, toPageRequest(query.value));
  record.audit({
    action: "list_sessions",
    actor: caller.user.id,
    ...(userId !== undefined && { targetUserId: userId }),
  });
  return ok({
    sessions: page.items.map(showUserSession),
    ...nextPage(page),
  } satisfies SessionPage);
}

async function listEndings(
  { input: request, record }: HttpCall,
  caller: Session,
  { store }: ListSessionsDependencies,
): Promise<Reply> {
  const query = checkQuery(ENDINGS_QUERY, request.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const { userId } = query.value;
  const page = await store.listEndings(userId, toPageRequest(query.value));
  record.audit({ action: "list_endings", actor: caller.user.id, targetUserId: userId });
  return ok({
    endings: page.items.map(showEnding),
    ...nextPage(page),
  } satisfies EndingPage);
}
