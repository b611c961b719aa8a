import type { MiddlewareHandler } from "hono";
import { sessionRequirement, type Caller, type RequireSessionOptions } from "./core.ts";

export type { Caller, RequireSessionOptions } from "./core.ts";

/** What a handler gets by `c.get("user")` and `c.get("session")`. */
export interface SessionVariables {
  user: Caller["user"];
  session: Caller["session"];
}

/**
 * A middleware for [Hono](https://hono.dev): handlers after it run for live sessions only. `cors()` goes
 * before it.
 * @throws TypeError for a rule that cannot be right.
 */
export function requireSession(
  options?: RequireSessionOptions,
): MiddlewareHandler<{ Variables: SessionVariables }> {
  const decide = sessionRequirement(options);
  return async (c, next) => {
    const decision = await decide(c.req.raw);
    if (decision.outcome !== "live") {
      const { body, ...answer } = decision.answer;
      return new Response(body ?? null, answer);
    }
    c.set("user", decision.caller.user);
    c.set("session", decision.caller.session);
    await next();
    return undefined;
  };
}
