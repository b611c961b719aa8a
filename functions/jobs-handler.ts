import { GET_JOB, type OneJob } from "../src/api/get-job.ts";
import type { JobList } from "../src/api/list-jobs.ts";
import { readPath } from "../src/api/parts/path.ts";
import { RESUME_JOB, type ResumedJob } from "../src/api/resume-job.ts";
import {
  LARGEST_JOB_BYTES,
  START_JOB_BODY,
  type StartedJob,
  type StartJobBody,
} from "../src/api/start-job.ts";
import { readBody } from "../src/http/body.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import { forgeryProblem, resolveCaller } from "../src/http/caller.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import { showJob } from "../src/http/job-views.ts";
import { administratorProblem, includeAdminsProblem } from "../src/http/permission.ts";
import { problem, type Problem } from "../src/http/problem.ts";
import { accepted, ok, type Reply } from "../src/http/reply.ts";
import type { HttpRequest } from "../src/http/request.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayList, mayLogOut, mayLogOutAdministrators } from "../src/identity/permissions.ts";
import { DEFAULT_RATE, isJobId, LONGEST_LISTED, type Job } from "../src/jobs/job.ts";
import type { JobStore } from "../src/jobs/store.ts";
import type { User } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { forgedCaller } from "./forged-caller.ts";
import { refuseJob, resumed, resumeJob, startJob, type StartJobDependencies } from "./start-job.ts";

export interface JobsDependencies extends CallDependencies, StartJobDependencies {
  readonly store: Pick<SessionStore, "validate">;
  readonly jobs: Pick<JobStore, "create" | "writeStep" | "start" | "end" | "get" | "list">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  readonly settings: OriginSettings;
}

/**
 * `POST /admin/jobs`, `GET /admin/jobs`, `GET /admin/jobs/{id}` and `POST /admin/jobs/{id}/runs`. It logs
 * nobody out itself. Reading leaves no audit line: a job names none of its users, and a page that shows its
 * progress asks every other second.
 */
export function createJobsHandler(dependencies: JobsDependencies): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    const { input: request, record } = call;
    const { store, bound, directory } = dependencies;
    const isChange = request.method === "POST";
    if (isChange) {
      const foreign = forgeryProblem(request, dependencies.settings);
      if (foreign !== undefined) {
        const actor = await forgedCaller(request, store);
        if (actor !== undefined) await refuseJob(call, { actor }, foreign.code, dependencies);
        return foreign;
      }
    }
    const resolution = await resolveCaller(request, store, { touch: false, bound, record });
    if (resolution.outcome === "refused") return resolution.problem;
    const { session } = resolution;
    record.note({ userId: session.user.id, sessionId: session.id });
    const caller = await livePermissions(directory, session.user);
    if (!isChange) return mayList(caller) ? read(request, dependencies) : administratorProblem();
    const resume = readPath(RESUME_JOB.path, request.path);
    return resume === undefined
      ? start(call, caller, dependencies)
      : again(call, caller, resume.id, dependencies);
  });
}

async function read({ path }: HttpRequest, { jobs }: JobsDependencies): Promise<Reply> {
  const { id } = readPath(GET_JOB.path, path) ?? {};
  if (id !== undefined) {
    const job = await find(id, jobs);
    return job === undefined ? noJob() : ok(showJob(job) satisfies OneJob);
  }
  const list = await jobs.list(LONGEST_LISTED);
  return ok({ jobs: list.map(showJob) } satisfies JobList);
}

const find = (id: string, jobs: Pick<JobStore, "get">): Promise<Job | undefined> =>
  isJobId(id) ? jobs.get(id) : Promise.resolve(undefined);

const noJob = (): Problem =>
  problem("not_found", { detail: "No job has this id. Jobs are kept for 14 days." });

async function start(call: HttpCall, caller: User, dependencies: JobsDependencies): Promise<Reply> {
  const actor = caller.id;
  const reading = readBody(call.input, START_JOB_BODY, { largest: LARGEST_JOB_BYTES });
  const asked = reading.outcome === "read" ? listOf(reading.body, actor) : undefined;
  const refused = permissionProblem(caller, asked?.includeAdmins === true);
  if (refused !== undefined) {
    const known = asked === undefined ? { actor } : { ...asked, users: asked.userIds.length };
    await refuseJob(call, known, refused.code, dependencies);
    return refused;
  }
  if (reading.outcome === "refused") return reading.problem;
  const job = await startJob(listOf(reading.body, actor), call, dependencies);
  return accepted(showJob(job) satisfies StartedJob);
}

/** Each id once, in the order of the list. */
function listOf({ userIds, rate = DEFAULT_RATE, reason, ...rest }: StartJobBody, actor: string) {
  const once = [...new Set(userIds)];
  return { ...rest, actor, rate, userIds: once, ...(reason !== undefined && { reason }) };
}

async function again(
  call: HttpCall,
  caller: User,
  id: string | undefined,
  dependencies: JobsDependencies,
): Promise<Reply> {
  const actor = caller.id;
  if (!mayLogOut(caller)) {
    const refused = administratorProblem();
    await refuseJob(call, { actor }, refused.code, dependencies);
    return refused;
  }
  const job = id === undefined ? undefined : await find(id, dependencies.jobs);
  if (job === undefined) return noJob();
  const refused = permissionProblem(caller, job.includeAdmins);
  if (refused !== undefined) {
    await refuseJob(call, resumed(job, actor), refused.code, dependencies);
    return refused;
  }
  const isToGoOn = job.state !== "finished" && job.state !== "filling";
  const now = isToGoOn ? await resumeJob(job, actor, call, dependencies) : job;
  return accepted(showJob(now) satisfies ResumedJob);
}

/** What the caller may not do. */
function permissionProblem(caller: User, includeAdmins: boolean): Problem | undefined {
  if (!mayLogOut(caller)) return administratorProblem();
  return includeAdmins && !mayLogOutAdministrators(caller) ? includeAdminsProblem() : undefined;
}
