import { WATCH, type SignedIn } from "../src/api/get-session.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import type { HttpRequest } from "../src/http/request.ts";
import { resolveCaller } from "../src/http/caller.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type CallSettings,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import { invalidRequest } from "../src/http/problem.ts";
import { ok } from "../src/http/reply.ts";
import { showLive, showSession, showUser } from "../src/http/views.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import type { SessionStore } from "../src/sessions/store.ts";

export interface ValidateDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate">;
  readonly settings: CallSettings & Pick<FunctionSettings, "push">;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
}

/**
 * `GET /session`: the caller's user and session, or why there is none. With `?watch=1` it records no
 * activity.
 */
export function createValidateHandler(dependencies: ValidateDependencies): HttpFunction {
  return createHttpFunction(dependencies, async ({ input: request, record }) => {
    const { name: parameter, value } = WATCH;
    const watch = request.query.getAll(parameter);
    if (watch.length > 1 || (watch.length === 1 && watch[0] !== value)) {
      const detail = `${parameter} is ${JSON.stringify(watch.join().slice(0, 80))}; accepted is ${value}.`;
      return invalidRequest("A query parameter is not accepted.", [{ parameter, detail }]);
    }
    const { store, bound } = dependencies;
    const caller = await resolveCaller(request, store, { touch: watch.length === 0, bound, record }).catch(
      (error: unknown) => {
        // Beside what every fault counts: Lambda sees no error in what is answered.
        record.count("ValidationsFailed");
        throw error;
      },
    );
    if (caller.outcome === "refused") return caller.problem;
    const { session } = caller;
    record.note({ userId: session.user.id, sessionId: session.id });
    record.routine();
    const live = showLive(session, dependencies.settings.push);
    return ok({
      user: showUser(session.user),
      session: showSession(session),
      ...(live && { live }),
    } satisfies SignedIn);
  });
}
