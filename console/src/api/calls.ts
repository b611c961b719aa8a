import type { AdminLogoutResult } from "../../../functions/admin-logout-handler.ts";
import type { loginView } from "../../../functions/log-in.ts";
import type { EndingView, SessionView, UserSessionView, UserView } from "../../../src/http/views.ts";
import { call, type ApiAnswer } from "./call.ts";

/** Who is signed in here, and by which session. */
export interface SignedIn {
  readonly user: UserView;
  readonly session: SessionView;
}

export interface OwnSession extends SessionView {
  /** Only on the session that asked. */
  readonly current?: true;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** What a sign-in sends; `end` and `takeover` say what the person chose at the limit. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: string;
  readonly takeover?: true;
  readonly end?: readonly string[];
}

export const logIn = (login: PasswordLogin): Promise<ApiAnswer<ReturnType<typeof loginView>>> =>
  call("POST", "/login", login);

export const logOut = (): Promise<ApiAnswer<undefined>> => call("POST", "/logout");

/** `watch`: without counting as activity. */
export const whoAmI = (options: { readonly watch?: true } = {}): Promise<ApiAnswer<SignedIn>> =>
  call("GET", options.watch ? "/session?watch=1" : "/session");

export const ownSessions = (): Promise<ApiAnswer<{ readonly sessions: readonly OwnSession[] }>> =>
  call("GET", "/sessions");

export const endOwnSession = (id: string): Promise<ApiAnswer<undefined>> =>
  call("DELETE", `/sessions/${encodeURIComponent(id)}`);

export const endOtherSessions = (): Promise<ApiAnswer<{ readonly sessionCount: number }>> =>
  call("DELETE", "/sessions");

export interface ListRequest {
  readonly userId?: string | undefined;
  readonly cursor?: string | undefined;
}

/** As many as a call gives at most. */
const PAGE_SIZE = 100;

/** One page of who is signed in. */
export async function listSessions(request: ListRequest): Promise<ApiAnswer<Page<UserSessionView>>> {
  const answer = await call<{ readonly sessions: UserSessionView[]; readonly cursor?: string }>(
    "GET",
    `/admin/sessions?${toQuery(request)}`,
  );
  if (answer.outcome !== "ok") return answer;
  const { sessions, ...rest } = answer.value;
  return { outcome: "ok", value: { items: sessions, ...rest } };
}

/** One page of how a user's sessions ended, newest first. */
export async function listEndings(request: ListRequest): Promise<ApiAnswer<Page<EndingView>>> {
  const answer = await call<{ readonly endings: EndingView[]; readonly cursor?: string }>(
    "GET",
    `/admin/endings?${toQuery(request)}`,
  );
  if (answer.outcome !== "ok") return answer;
  const { endings, ...rest } = answer.value;
  return { outcome: "ok", value: { items: endings, ...rest } };
}

/** Ends one session of anybody. */
export const endUserSession = (id: string): Promise<ApiAnswer<undefined>> =>
  call("DELETE", `/admin/sessions/${encodeURIComponent(id)}`);

export const logOutUsers = (
  userIds: readonly string[],
  includeAdmins: boolean,
): Promise<ApiAnswer<AdminLogoutResult>> => call("POST", "/admin/logout", { userIds, includeAdmins });

function toQuery({ userId, cursor }: ListRequest): string {
  return new URLSearchParams({
    limit: String(PAGE_SIZE),
    ...(userId !== undefined && { userId }),
    ...(cursor !== undefined && { cursor }),
  }).toString();
}
