import { presentedToken } from "../src/http/caller.ts";
import { createPlainFunction, type CallDependencies, type LambdaFunction } from "../src/http/endpoint.ts";
import { readEvent } from "../src/http/gateway-event.ts";
import { readRequest, type GatewayEvent } from "../src/http/request.ts";
import type { SessionStore } from "../src/sessions/store.ts";

export interface AuthorizeDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate">;
}

/** The simple response of an HTTP API's request authorizer. The context reaches the route's own function. */
export type Authorization =
  | { readonly isAuthorized: false }
  | {
      readonly isAuthorized: true;
      readonly context: {
        readonly userId: string;
        readonly sessionId: string;
        readonly isAdmin: boolean;
        readonly permissions: readonly string[];
      };
    };

/** The authorizer of people's own routes. Not live is no; unsure is an exception, which the gateway answers with 500. */
export function createAuthorizeHandler(
  dependencies: AuthorizeDependencies,
): LambdaFunction<GatewayEvent, Authorization> {
  return createPlainFunction(dependencies, "authorize", async ({ input: event, record }) => {
    const reading = readEvent(event);
    if (reading.outcome === "malformed") {
      record.note({ outcome: reading.outcome });
      return { isAuthorized: false };
    }
    const presented = presentedToken(readRequest(reading.event));
    if (presented.outcome !== "token") {
      record.note({ outcome: presented.outcome });
      return { isAuthorized: false };
    }
    const validation = await dependencies.store.validate(presented.token);
    record.note({ outcome: validation.outcome });
    if (validation.outcome !== "live") return { isAuthorized: false };
    const { id: sessionId, user } = validation.session;
    record.note({ userId: user.id, sessionId });
    const { id: userId, isAdmin, permissions } = user;
    return { isAuthorized: true, context: { userId, sessionId, isAdmin, permissions } };
  });
}
