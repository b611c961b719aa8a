import { sessionRequirement, type Caller, type GuardProblem, type RequireSessionOptions } from "./core.ts";

export type { Caller, RequireSessionOptions } from "./core.ts";

/**
 * A handler of the Fetch style (`Request` in, `Response` out: route handlers of Next.js, of React Router, of
 * servers that take one function) for live sessions only. It gets who calls after the request, and after
 * that what the framework gives.
 *
 * It needs Node.js, and not an edge runtime.
 * @throws TypeError for a rule that cannot be right.
 */
export function withSession<Incoming extends Request, Rest extends readonly unknown[]>(
  handler: (request: Incoming, caller: Caller, ...rest: Rest) => Response | Promise<Response>,
  options?: RequireSessionOptions,
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  const decide = sessionRequirement(options);
  return async (request, ...rest) => {
    const decision = await decide(request);
    if (decision.outcome === "live") return handler(request, decision.caller, ...rest);
    const { body, ...answer } = decision.answer;
    return new Response(body ?? null, answer);
  };
}

/** The response to a request that `guard.check` refused. */
export const toResponse = ({ status, headers, body }: GuardProblem): Response =>
  new Response(JSON.stringify(body), { status, headers });
