import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { callerOn, sessionRequirement, type Caller, type Guard, type RequireSessionOptions } from "./core.ts";

export type { Caller, RequireSessionOptions } from "./core.ts";

/** A hook of any server: HTTP/2 and loggers of one's own are in the types of requests and replies. */
export type SessionHook = (this: unknown, request: unknown, reply: unknown) => Promise<unknown>;

declare module "fastify" {
  interface FastifyRequest {
    /** Who makes the call: there behind `requireSession()`, else `null`. */
    caller: Caller | null;
  }
  interface FastifyInstance {
    /**
     * A hook that lets through live sessions only, for `preHandler` of a route or of a scope; or for
     * `onRequest`, which spares reading the bodies of others.
     * @throws TypeError for a rule that cannot be right.
     */
    requireSession(options?: RequireSessionOptions): SessionHook;
  }
}

/** What `register` takes. */
export interface SingleSessionPluginOptions {
  /** For every hook that is given none. */
  readonly guard?: Guard;
}

/**
 * A plugin for [Fastify](https://fastify.dev) 5. It decorates requests and the instance it is registered
 * with, and guards nothing by itself: which routes need a session is said where they are, by a hook of a
 * route or of a scope.
 */
export const singleSession: FastifyPluginCallback<SingleSessionPluginOptions> = (app, { guard }, done) => {
  app.decorateRequest("caller", null);
  app.decorate("requireSession", (options: RequireSessionOptions = {}) =>
    hookOf({ ...(guard && { guard }), ...options }),
  );
  done();
};
// What `fastify-plugin` does: the decorators are the instance's own, and not those of a scope within.
Object.assign(singleSession, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "serverless-single-session",
  [Symbol.for("plugin-meta")]: { name: "serverless-single-session", fastify: ">=5" },
});

function hookOf(options: RequireSessionOptions): SessionHook {
  const decide = sessionRequirement(options);
  const hook = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const decision = await decide(request.raw);
    if (decision.outcome === "live") {
      request.caller = decision.caller;
      return undefined;
    }
    const { status, headers, body } = decision.answer;
    const before = reply.getHeader("vary");
    const { Vary: vary } = headers;
    return reply
      .code(status)
      .headers(headers)
      .headers(before === undefined || vary === undefined ? {} : { Vary: `${String(before)}, ${vary}` })
      .send(body ?? "");
  };
  return hook as SessionHook;
}

/**
 * The caller of a request behind `requireSession()`, never `null`.
 * @throws Error where `requireSession()` does not come before.
 */
export const callerOf = (request: Pick<FastifyRequest, "caller">): Caller => callerOn(request);
