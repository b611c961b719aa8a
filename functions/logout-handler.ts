import { presentedToken } from "../src/http/caller.ts";
import { clearedSessionCookie } from "../src/http/cookie.ts";
import { createHttpFunction, type CallDependencies, type HttpFunction } from "../src/http/endpoint.ts";
import { noContent, withCookie } from "../src/http/reply.ts";
import { crossOriginProblem, type OriginSettings } from "../src/http/same-origin.ts";
import type { SessionStore } from "../src/sessions/store.ts";

export interface LogoutDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "logout">;
  readonly settings: OriginSettings;
}

/**
 * `POST /logout`: 204 and the cookie cleared, whatever the token was worth, and whether there was one. Only a
 * page of the own or an allowed origin may have that done, unless it holds a bearer token.
 */
export function createLogoutHandler(dependencies: LogoutDependencies): HttpFunction {
  const { store, settings } = dependencies;
  return createHttpFunction(dependencies, async ({ input: request, record }) => {
    const presented = presentedToken(request);
    // Also where no cookie came: browsers leave it out of another site's form post, and would take its
    // clearing from the answer.
    const byBearer = presented.outcome !== "none" && presented.by === "bearer";
    const foreign = byBearer ? undefined : crossOriginProblem(request, settings);
    if (foreign !== undefined) return foreign;
    if (presented.outcome === "token") {
      const outcome = await store.logout(presented.token);
      record.note({ outcome: outcome.outcome });
      if (outcome.outcome === "ended") {
        record.note({ userId: outcome.userId, sessionCount: outcome.sessionIds.length });
        record.count("Logouts");
      }
    }
    return withCookie(noContent(), clearedSessionCookie());
  });
}
