import { toAuthorization, type Authorization, type Decision } from "../src/http/authorization.ts";
import { readAuthorizerEvent, type AuthorizerEvent } from "../src/http/authorizer-event.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import { forgeryProblem, resolveCaller } from "../src/http/caller.ts";
import {
  createPlainFunction,
  type Call,
  type CallDependencies,
  type LambdaFunction,
} from "../src/http/endpoint.ts";
import { readRequest, type HttpRequest } from "../src/http/request.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import { asViewerSent, cdnProblem, type CdnSetting } from "../src/http/viewer.ts";
import type { SessionStore } from "../src/sessions/store.ts";

export interface AuthorizeDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate">;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
  readonly settings: OriginSettings & CdnSetting;
}

/**
 * The authorizer of people's own routes, on HTTP, REST and WebSocket APIs. Not live is no; unsure is an
 * exception, which the gateway answers with 500.
 */
export function createAuthorizeHandler(
  dependencies: AuthorizeDependencies,
): LambdaFunction<unknown, Authorization> {
  return createPlainFunction(dependencies, "authorize", async ({ input, record }) => {
    const event = readAuthorizerEvent(input);
    return toAuthorization(await decide(event, record, dependencies), event.answer);
  });
}

async function decide(
  { reading, opensWebSocket }: AuthorizerEvent,
  record: Call<unknown>["record"],
  dependencies: AuthorizeDependencies,
): Promise<Decision> {
  if (reading.outcome === "malformed") {
    record.note({ outcome: reading.outcome });
    return { outcome: "refused", code: reading.problem.code };
  }
  const { store, bound, settings, originSecret } = dependencies;
  const sent = readRequest(reading.event);
  const request = asViewerSent(sent, originSecret);
  const problem =
    cdnProblem(sent, dependencies) ?? (opensWebSocket ? forgeryProblem(request, settings) : undefined);
  if (problem !== undefined) return refused(problem.code);
  const caller = await resolveCaller(request, store, { touch: true, bound, record });
  if (caller.outcome === "refused") return refused(caller.problem.code);
  const { session } = caller;
  record.note({ outcome: caller.outcome, userId: session.user.id, sessionId: session.id });
  record.routine();
  return caller;

  function refused(code: Extract<Decision, { outcome: "refused" }>["code"]): Decision {
    // Why an access token was refused is noted already.
    record.note(code === "invalid_access_token" ? { code } : { outcome: "refused", code });
    return { outcome: "refused", code };
  }
}
