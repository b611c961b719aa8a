import { ACTIVITY_KINDS, ACTIVITY_MS, USERS_ACTIVITY_MS } from "../src/activity/activity.ts";
import type { ActivityReader } from "../src/activity/store.ts";
import { GET_OVERVIEW, OVERVIEW_QUERY, type Overview } from "../src/api/get-overview.ts";
import { ACTIVITY_QUERY, LIST_ACTIVITY, type ActivityPage } from "../src/api/list-activity.ts";
import { OWN_ACTIVITY_QUERY, type OwnActivityPage } from "../src/api/list-own-activity.ts";
import { LIST_SUSPECTS, SUSPECTS_QUERY, type SuspectPage } from "../src/api/list-suspects.ts";
import { readPath } from "../src/api/parts/path.ts";
import {
  OWN_KINDS,
  showActivity,
  showHour,
  showOwnActivity,
  showSuspect,
} from "../src/http/activity-views.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import { resolveCaller } from "../src/http/caller.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import { refusingCursors, toPageRequest } from "../src/http/pages.ts";
import { administratorProblem } from "../src/http/permission.ts";
import { invalidRequest } from "../src/http/problem.ts";
import { ok, type Reply } from "../src/http/reply.ts";
import type { HttpRequest } from "../src/http/request.ts";
import { BAD_QUERY, checkQuery } from "../src/http/schema.ts";
import { toIsoTime } from "../src/http/views.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayList } from "../src/identity/permissions.ts";
import type { Session } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { readPeriod } from "./activity-period.ts";

export interface ActivityDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate">;
  readonly activity: ActivityReader;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * `GET /admin/overview`, `GET /admin/suspects`, `GET /admin/activity` and `GET /sessions/activity`. It writes
 * nothing, not even a touch.
 */
export function createActivityHandler(dependencies: ActivityDependencies): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    const { input: request, record } = call;
    const { store, bound } = dependencies;
    const caller = await resolveCaller(request, store, { touch: false, bound, record });
    if (caller.outcome === "refused") return caller.problem;
    const { session } = caller;
    record.note({ userId: session.user.id, sessionId: session.id });
    const read = administratorsCall(request.path);
    // What is nobody else's call is about one's own.
    if (read === undefined) return refusingCursors(() => readOwn(call, session, dependencies));
    if (!mayList(await livePermissions(dependencies.directory, session.user))) return administratorProblem();
    return refusingCursors(() => read(call, session, dependencies));
  });
}

type Read = (call: HttpCall, caller: Session, dependencies: ActivityDependencies) => Promise<Reply>;

function administratorsCall(asked: string): Read | undefined {
  const isAsked = ({ path }: { readonly path: string }): boolean => readPath(path, asked) !== undefined;
  if (isAsked(GET_OVERVIEW)) return readOverview;
  if (isAsked(LIST_SUSPECTS)) return readSuspects;
  return isAsked(LIST_ACTIVITY) ? readActivity : undefined;
}

const USUAL_OVERVIEW_MS = 24 * 60 * 60_000;

async function readOverview(
  { input: request, record }: HttpCall,
  caller: Session,
  { activity, clock }: ActivityDependencies,
): Promise<Reply> {
  const query = checkQuery(OVERVIEW_QUERY, request.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const limits = { now: clock(), usualMs: USUAL_OVERVIEW_MS, mostMs: ACTIVITY_MS };
  const period = readPeriod(query.value, limits);
  if (period.outcome === "invalid") return invalidRequest(BAD_QUERY, period.errors);
  const { from, to } = period;
  const { hours, live } = await activity.hours({ from, to });
  record.audit({ action: "get_overview", actor: caller.user.id });
  return ok({
    from: toIsoTime(from),
    to: toIsoTime(to),
    ...(live !== undefined && { live }),
    hours: hours.map(showHour),
  } satisfies Overview);
}

async function readSuspects(
  { input: request, record }: HttpCall,
  caller: Session,
  { activity }: ActivityDependencies,
): Promise<Reply> {
  const query = checkQuery(SUSPECTS_QUERY, request.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const page = await activity.suspects(toPageRequest(query.value));
  record.audit({ action: "list_suspects", actor: caller.user.id });
  return ok({
    suspects: page.items.map(showSuspect),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  } satisfies SuspectPage);
}

async function readActivity(
  { input: request, record }: HttpCall,
  caller: Session,
  { activity, clock }: ActivityDependencies,
): Promise<Reply> {
  const query = checkQuery(ACTIVITY_QUERY, request.query, ["kind"]);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const { userId, kind } = query.value;
  const mostMs = userId === undefined ? ACTIVITY_MS : USERS_ACTIVITY_MS;
  const period = readPeriod(query.value, { now: clock(), usualMs: mostMs, mostMs });
  if (period.outcome === "invalid") return invalidRequest(BAD_QUERY, period.errors);
  const { from, to } = period;
  const named = kind?.split(",");
  const kinds = named && ACTIVITY_KINDS.filter((known) => named.includes(known));
  const page = await activity.list({
    ...toPageRequest(query.value),
    ...{ from, to },
    ...(userId !== undefined && { userId }),
    ...(kinds && { kinds }),
  });
  record.audit({
    action: "list_activity",
    actor: caller.user.id,
    ...(userId !== undefined && { targetUserId: userId }),
  });
  return ok({
    activity: page.items.map(showActivity),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  } satisfies ActivityPage);
}

async function readOwn(
  { input: request }: HttpCall,
  { id, user }: Session,
  { activity, clock }: ActivityDependencies,
): Promise<Reply> {
  const query = checkQuery(OWN_ACTIVITY_QUERY, request.query);
  if (query.outcome === "invalid") return invalidRequest(BAD_QUERY, query.errors);
  const to = clock();
  const page = await activity.list({
    ...toPageRequest(query.value),
    ...{ userId: user.id, kinds: OWN_KINDS, from: to - USERS_ACTIVITY_MS, to },
  });
  return ok({
    activity: page.items.flatMap((record) => showOwnActivity(record, id) ?? []),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  } satisfies OwnActivityPage);
}
