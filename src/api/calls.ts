import type { Route } from "./parts/call.ts";
import { beginOidcLogin } from "./begin-oidc-login.ts";
import { endAnySession } from "./end-any-session.ts";
import { endOtherSessions } from "./end-other-sessions.ts";
import { endSession } from "./end-session.ts";
import { finishOidcLogin } from "./finish-oidc-login.ts";
import { getJob } from "./get-job.ts";
import { getOverview } from "./get-overview.ts";
import { getSession } from "./get-session.ts";
import { listActivity } from "./list-activity.ts";
import { listEndings } from "./list-endings.ts";
import { listJobs } from "./list-jobs.ts";
import { listOwnActivity } from "./list-own-activity.ts";
import { listOwnSessions } from "./list-own-sessions.ts";
import { listSessions } from "./list-sessions.ts";
import { listSuspects } from "./list-suspects.ts";
import { logOutUsers } from "./log-out-users.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { resumeJob } from "./resume-job.ts";
import { startJob } from "./start-job.ts";

/** Every call that is always there, in the order of the documentation. */
export const CALLS = [
  login,
  logout,
  getSession,
  listOwnSessions,
  endOtherSessions,
  endSession,
  logOutUsers,
  listSessions,
  endAnySession,
  listEndings,
] as const;

/** The calls of the code flow: only where an OIDC source has it on. */
export const OIDC_CALLS = [beginOidcLogin, finishOidcLogin] as const;

/** The calls about activity: only where it is on. */
export const ACTIVITY_CALLS = [getOverview, listSuspects, listActivity, listOwnActivity] as const;

/** The calls about jobs: only where they are on. */
export const JOB_CALLS = [startJob, listJobs, getJob, resumeJob] as const;

/** Every call that a deployment can have. */
export const ALL_CALLS = [...CALLS, ...OIDC_CALLS, ...ACTIVITY_CALLS, ...JOB_CALLS] as const;

/**
 * The contract of a route: how the page knows what a call takes and answers, of which it has only the route.
 */
export type CallOf<R extends Pick<Route, "method" | "path">> = Extract<
  (typeof ALL_CALLS)[number],
  { readonly method: R["method"]; readonly path: R["path"] }
>;
