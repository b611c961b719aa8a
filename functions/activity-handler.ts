import { ACTIVITY_KINDS, ACTIVITY_MS, USERS_ACTIVITY_MS } from "../src/activity/activity.ts";
import type { ActivityReader } from "../src/activity/store.ts";
import { GET_OVERVIEW, OVERVIEW_QUERY, type Overview } from "../src/api/get-overview.ts";
import { ACTIVITY_QUERY, LIST_ACTIVITY, type ActivityPage } from "../src/api/list-activity.ts";
import { OWN_ACTIVITY_QUERY, type OwnActivityPage } from "../src/api/list-own-activity.ts";
import { LIST_SUSPECTS, SUSPECTS_QUERY, type SuspectPage } from "../src/api/list-suspects.ts";
import {
  OWN_KINDS,
  showActivity,
  showHour,
  showOwnActivity,
  showSuspect,
} from "../src/http/activity-views.ts";
import type { HttpCall, HttpFunction } from "../src/http/endpoint.ts";
import { nextPage, toPageRequest } from "../src/http/pages.ts";
import { invalidRequest } from "../src/http/problem.ts";
import { ok, type Reply } from "../src/http/reply.ts";
import { BAD_QUERY, checkQuery } from "../src/http/schema.ts";
import { toIsoTime } from "../src/http/views.ts";
import type { Session } from "../src/sessions/session.ts";
import { readPeriod } from "./activity-period.ts";
import { createReadingFunction, type ReadingDependencies } from "./reading-function.ts";

export interface ActivityDependencies extends ReadingDependencies {
  readonly activity: ActivityReader;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** `GET /admin/overview`, `GET /admin/suspects`, `GET /admin/activity` and `GET /sessions/activity`. */
export function createActivityHandler(dependencies: ActivityDependencies): HttpFunction {
  return createReadingFunction(dependencies, {
    administrators: {
      [GET_OVERVIEW.path]: readOverview,
      [LIST_SUSPECTS.path]: readSuspects,
      [LIST_ACTIVITY.path]: readActivity,
    },
    own: readOwn,
  });
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
    ...nextPage(page),
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
    ...nextPage(page),
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
    ...nextPage(page),
  } satisfies OwnActivityPage);
}
