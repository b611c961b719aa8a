import type { Context } from "aws-lambda";
import {
  LARGEST_LOG_OUT_BYTES,
  LOG_OUT_BODY,
  type LogOutBody,
  type LogOutResult,
} from "../src/api/log-out-users.ts";
import { readBody, type BodyReading } from "../src/http/body.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import type { HttpRequest } from "../src/http/request.ts";
import { forgeryProblem, resolveCaller } from "../src/http/caller.ts";
import { createTwoWayFunction } from "./direct-invocation.ts";
import {
  createHttpFunction,
  createPlainFunction,
  GATEWAY_TIMEOUT_MS,
  type Call,
  type CallDependencies,
  type HttpCall,
} from "../src/http/endpoint.ts";
import { administratorProblem, includeAdminsProblem } from "../src/http/permission.ts";
import type { Problem } from "../src/http/problem.ts";
import { ok, type Reply } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayLogOut, mayLogOutAdministrators } from "../src/identity/permissions.ts";
import type { User } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { KeepAct } from "./administrators-acts.ts";
import { answerInvocation } from "./admin-logout-invocation.ts";
import { forgedCaller } from "./forged-caller.ts";
import { logOutUsers, refuseLogOut } from "./log-out-users.ts";

export interface AdminLogoutDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate" | "revoke">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get" | "getMany"> | undefined;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  readonly settings: OriginSettings;
  /** Absent where activity is off. */
  readonly keepAct?: KeepAct | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * `POST /admin/logout`, and the same by direct invocation or as a target of EventBridge (design section 6).
 */
export function createAdminLogoutHandler(
  dependencies: AdminLogoutDependencies,
): (event: unknown, context: Context) => Promise<unknown> {
  const invoked = createPlainFunction(dependencies, "invoke admin-logout", (call: Call<unknown>) =>
    answerInvocation(call, (request) =>
      logOutUsers(request, call.remainingMs() - MARGIN_MS, call, dependencies),
    ),
  );
  return createTwoWayFunction(
    createHttpFunction(dependencies, (call) => logOutOverHttp(call, dependencies)),
    invoked,
  );
}

/** What the caller may not do; read first, so that the audit line can say what was asked for. */
function permissionProblem(caller: User, reading: BodyReading<LogOutBody>): Problem | undefined {
  if (!mayLogOut(caller)) return administratorProblem();
  const includesAdmins = reading.outcome === "read" && reading.body.includeAdmins;
  return includesAdmins && !mayLogOutAdministrators(caller) ? includeAdminsProblem() : undefined;
}

/** For the batch that is under way at the deadline, and the answer. */
const MARGIN_MS = 2000;

async function logOutOverHttp(call: HttpCall, dependencies: AdminLogoutDependencies): Promise<Reply> {
  const { input: request, record, remainingMs } = call;
  const { store, bound } = dependencies;
  const foreign = forgeryProblem(request, dependencies.settings);
  if (foreign !== undefined) {
    const actor = await forgedCaller(request, store);
    if (actor !== undefined) await refuseLogOut(call, { actor, code: foreign.code }, dependencies);
    return foreign;
  }
  const resolution = await resolveCaller(request, store, { touch: false, bound, record });
  if (resolution.outcome === "refused") return resolution.problem;
  const { session } = resolution;
  record.note({ userId: session.user.id, sessionId: session.id });
  const caller = await livePermissions(dependencies.directory, session.user);
  const reading = readBody(request, LOG_OUT_BODY, { largest: LARGEST_LOG_OUT_BYTES });
  const permission = permissionProblem(caller, reading);
  if (permission !== undefined) {
    const asked = reading.outcome === "read" ? reading.body : undefined;
    await refuseLogOut(call, { actor: caller.id, code: permission.code }, dependencies, asked);
    return permission;
  }
  if (reading.outcome === "refused") return reading.problem;
  const budgetMs = Math.min(remainingMs(), GATEWAY_TIMEOUT_MS) - MARGIN_MS;
  const wanted = { ...reading.body, actor: caller.id };
  return ok((await logOutUsers(wanted, budgetMs, call, dependencies)) satisfies LogOutResult);
}
