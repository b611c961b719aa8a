import type { NextFunction, Request, Response } from "express";
import { callerOn, sessionRequirement, type Caller, type RequireSessionOptions } from "./core.ts";

export type { Caller, RequireSessionOptions } from "./core.ts";

declare global {
  // Express's own types ask for a namespace.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /**
       * Who makes the call: there behind `requireSession()`. `session` is express-session's, `user`
       * passport's.
       */
      caller?: Caller;
    }
  }
}

/**
 * A middleware that takes a route as it is. As Express's own `RequestHandler` it would say which parameters
 * a path has, and the handlers after it no longer knew their own.
 */
export type SessionHandler = <
  Parameters,
  ResponseBody,
  RequestBody,
  Query,
  // As Express bounds it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  Locals extends Record<string, any>,
>(
  request: Request<Parameters, ResponseBody, RequestBody, Query, Locals>,
  response: Response<ResponseBody, Locals>,
  next: NextFunction,
) => Promise<void>;

/**
 * A middleware for [Express](https://expressjs.com) 4 and 5: handlers after it run for live sessions only,
 * and find who calls in `request.caller`. Faults go to the error handler by `next(error)`. `cors()` goes
 * before it.
 * @throws TypeError for a rule that cannot be right.
 */
export function requireSession(options?: RequireSessionOptions): SessionHandler {
  const decide = sessionRequirement(options);
  return async (request, response, next) => {
    const decision = await decide(request).catch((fault: unknown) => ({ outcome: "fault", fault }) as const);
    if (decision.outcome === "fault") {
      next(decision.fault);
      return;
    }
    if (decision.outcome === "live") {
      request.caller = decision.caller;
      next();
      return;
    }
    const { status, headers, body } = decision.answer;
    const { Vary, ...others } = headers;
    if (Vary !== undefined) response.vary(Vary);
    // Not by `set`, which adds a charset to the type.
    for (const [name, value] of Object.entries(others)) response.setHeader(name, value);
    response.status(status).end(body);
  };
}

/**
 * The caller of a request behind `requireSession()`, never `undefined`.
 * @throws Error where `requireSession()` does not come before.
 */
export const callerOf = (request: Pick<Request, "caller">): Caller => callerOn(request);
