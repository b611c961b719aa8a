import type { BoundCallers } from "../src/http/bound-callers.ts";
import { presentedToken, type Presented } from "../src/http/caller.ts";
import { clearedSessionCookie } from "../src/http/cookie.ts";
import { createHttpFunction, type CallDependencies, type HttpFunction } from "../src/http/endpoint.ts";
import { noContent, withCookie } from "../src/http/reply.ts";
import { crossOriginProblem, type OriginSettings } from "../src/http/same-origin.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { SignInLogoutOutcome, SignInStore } from "../src/sessions/sign-in-store.ts";
import type { SessionStore } from "../src/sessions/store.ts";

export interface LogoutDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "logout">;
  /** Where callers may send a provider's access tokens. */
  readonly bound?: BoundLogout | undefined;
  readonly settings: OriginSettings;
}

/** What logs a sign-in out. */
export interface BoundLogout extends Pick<BoundCallers, "verify"> {
  readonly signIns: Pick<SignInStore, "logOutSignIn">;
}

/**
 * `POST /logout`: 204 and the cookie cleared, whatever the token was worth, and whether there was one. Only a
 * page of the own or an allowed origin may have that done, unless it holds a bearer token.
 */
export function createLogoutHandler(dependencies: LogoutDependencies): HttpFunction {
  const { settings } = dependencies;
  return createHttpFunction(dependencies, async ({ input: request, record }) => {
    const presented = presentedToken(request);
    // Also where no cookie came: browsers leave it out of another site's form post, and would take its
    // clearing from the answer.
    const byBearer = presented.outcome !== "none" && presented.by === "bearer";
    const foreign = byBearer ? undefined : crossOriginProblem(request, settings);
    if (foreign !== undefined) return foreign;
    const outcome = await logOut(presented, record, dependencies);
    if (outcome !== undefined) {
      record.note({ outcome: outcome.outcome });
      if (outcome.outcome === "ended") {
        record.note({ userId: outcome.userId, sessionCount: outcome.sessionIds.length });
        record.count("Logouts");
      }
    }
    return withCookie(noContent(), clearedSessionCookie());
  });
}

/** `undefined` where there is nothing that could log out; also a token that cannot be verified. */
async function logOut(
  presented: Presented,
  record: CallRecord,
  { store, bound }: Pick<LogoutDependencies, "store" | "bound">,
): Promise<SignInLogoutOutcome | undefined> {
  if (presented.outcome === "token") return store.logout(presented.token);
  if (presented.outcome !== "access-token" || bound === undefined) return undefined;
  // Somebody whose token has just expired must be able to log out as well.
  const token = await bound.verify(presented.text, record, { expired: "accept" });
  return "code" in token ? undefined : bound.signIns.logOutSignIn(token);
}
