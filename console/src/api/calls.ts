import { END_ANY_SESSION } from "../../../src/api/end-any-session.ts";
import { LIST_ENDINGS } from "../../../src/api/list-endings.ts";
import { LIST_OWN_ACTIVITY } from "../../../src/api/list-own-activity.ts";
import { LIST_SESSIONS } from "../../../src/api/list-sessions.ts";
import { LOG_OUT_USERS } from "../../../src/api/log-out-users.ts";
import type { OwnActivityView } from "../../../src/api/parts/shapes.ts";
import type { EndingView, UserSessionView } from "../../../src/api/parts/views.ts";
import { createSessionClient } from "../../../client/session-client.ts";
import { call, type ApiAnswer } from "./call.ts";
import { noting } from "./connection.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** The calls about one's own session, which the client has. */
export const own = createSessionClient({ fetch: noting });

export interface ListRequest {
  readonly userId?: string | undefined;
  readonly cursor?: string | undefined;
}

/** As many as a call gives at most. */
const PAGE_SIZE = "100";
/** What fits below one's own devices. */
const OWN_PAGE_SIZE = "20";

/** One page of who is signed in. */
export async function listSessions(request: ListRequest): Promise<ApiAnswer<Page<UserSessionView>>> {
  const answer = await call(LIST_SESSIONS, { query: { limit: PAGE_SIZE, ...request } });
  if (answer.outcome !== "ok") return answer;
  const { sessions, ...rest } = answer.value;
  return { outcome: "ok", value: { items: sessions, ...rest } };
}

/** One page of how a user's sessions ended, newest first. */
export async function listEndings(request: ListRequest): Promise<ApiAnswer<Page<EndingView>>> {
  const answer = await call(LIST_ENDINGS, { query: { limit: PAGE_SIZE, ...request } });
  if (answer.outcome !== "ok") return answer;
  const { endings, ...rest } = answer.value;
  return { outcome: "ok", value: { items: endings, ...rest } };
}

/** A page of one's own sign-ins and endings, newest first; it may be empty and still have a cursor. */
export async function listOwnActivity(cursor: string | undefined): Promise<ApiAnswer<Page<OwnActivityView>>> {
  const answer = await call(LIST_OWN_ACTIVITY, { query: { limit: OWN_PAGE_SIZE, cursor } });
  if (answer.outcome !== "ok") return answer;
  const { activity, ...rest } = answer.value;
  return { outcome: "ok", value: { items: activity, ...rest } };
}

/** Ends one session of anybody. @param reason why, for administrators. */
export const endUserSession = (id: string, reason: string | undefined) =>
  call(END_ANY_SESSION, { parameters: { id }, query: { reason } });

export interface LogOutOptions {
  readonly includeAdmins: boolean;
  /** Why, for administrators. */
  readonly reason?: string | undefined;
  /** Changes nothing: the answer says what would be done. */
  readonly dryRun?: boolean;
}

export const logOutUsers = (
  userIds: readonly string[],
  { includeAdmins, reason, dryRun = false }: LogOutOptions,
) =>
  call(LOG_OUT_USERS, {
    body: { userIds, includeAdmins, ...(reason !== undefined && { reason }), ...(dryRun && { dryRun }) },
  });
