import type { Context } from "aws-lambda";
import { LARGEST_LOG_OUT_BYTES, LOG_OUT_BODY, type LogOutResult } from "../src/api/log-out-users.ts";
import { readBody } from "../src/http/body.ts";
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
import { ok, type Reply } from "../src/http/reply.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayLogOut, mayLogOutAdministrators } from "../src/identity/permissions.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { answerInvocation } from "./admin-logout-invocation.ts";
import { logOutUsers } from "./log-out-users.ts";

export interface AdminLogoutDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate" | "revoke">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get" | "getMany"> | undefined;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  readonly settings: OriginSettings;
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
      logOutUsers(request, call.remainingMs() - MARGIN_MS, call.record, dependencies),
    ),
  );
  return createTwoWayFunction(
    createHttpFunction(dependencies, (call) => logOutOverHttp(call, dependencies)),
    invoked,
  );
}

/** For the batch that is under way at the deadline, and the answer. */
const MARGIN_MS = 2000;

async function logOutOverHttp(
  { input: request, record, remainingMs }: HttpCall,
  dependencies: AdminLogoutDependencies,
): Promise<Reply> {
  const foreign = forgeryProblem(request, dependencies.settings);
  if (foreign !== undefined) return foreign;
  const { store, bound } = dependencies;
  const resolution = await resolveCaller(request, store, { touch: false, bound, record });
  if (resolution.outcome === "refused") return resolution.problem;
  const { session } = resolution;
  record.note({ userId: session.user.id, sessionId: session.id });
  const caller = await livePermissions(dependencies.directory, session.user);
  if (!mayLogOut(caller)) return administratorProblem();
  const reading = readBody(request, LOG_OUT_BODY, { largest: LARGEST_LOG_OUT_BYTES });
  if (reading.outcome === "refused") return reading.problem;
  if (reading.body.includeAdmins && !mayLogOutAdministrators(caller)) return includeAdminsProblem();
  const budgetMs = Math.min(remainingMs(), GATEWAY_TIMEOUT_MS) - MARGIN_MS;
  const wanted = { ...reading.body, actor: caller.id };
  return ok((await logOutUsers(wanted, budgetMs, record, dependencies)) satisfies LogOutResult);
}
