import { END_ANY_SESSION } from "../../../src/api/end-any-session.ts";
import { END_OTHER_SESSIONS } from "../../../src/api/end-other-sessions.ts";
import { END_SESSION } from "../../../src/api/end-session.ts";
import { GET_SESSION, WATCH } from "../../../src/api/get-session.ts";
import { LIST_ENDINGS } from "../../../src/api/list-endings.ts";
import { LIST_OWN_SESSIONS } from "../../../src/api/list-own-sessions.ts";
import { LIST_SESSIONS } from "../../../src/api/list-sessions.ts";
import { LOG_OUT_USERS } from "../../../src/api/log-out-users.ts";
import { LOGIN, type PasswordLogin } from "../../../src/api/login.ts";
import { LOGOUT } from "../../../src/api/logout.ts";
import type { EndingView, UserSessionView } from "../../../src/api/parts/views.ts";
import { call, type ApiAnswer } from "./call.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

export const logIn = (body: PasswordLogin) => call(LOGIN, { body });

export const logOut = () => call(LOGOUT);

/** `watch`: without counting as activity. */
export const whoAmI = ({ watch }: { readonly watch?: true } = {}) =>
  call(GET_SESSION, watch && { query: { [WATCH.name]: WATCH.value } });

export const ownSessions = () => call(LIST_OWN_SESSIONS);

export const endOwnSession = (id: string) => call(END_SESSION, { parameters: { id } });

export const endOtherSessions = () => call(END_OTHER_SESSIONS);

export interface ListRequest {
  readonly userId?: string | undefined;
  readonly cursor?: string | undefined;
}

/** As many as a call gives at most. */
const PAGE_SIZE = "100";

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

/** Ends one session of anybody. */
export const endUserSession = (id: string) => call(END_ANY_SESSION, { parameters: { id } });

export const logOutUsers = (userIds: readonly string[], includeAdmins: boolean) =>
  call(LOG_OUT_USERS, { body: { userIds, includeAdmins } });
