import type { Context } from "aws-lambda";
import {
  sessionRequirement,
  type RequestLike,
  type RequireSessionOptions,
  type WholeAnswer,
} from "./core.ts";
import type { Caller } from "./core.ts";

export type { Caller, RequireSessionOptions } from "./core.ts";

/** What a handler finds in its context. */
export interface SessionContext extends Context {
  /** Who makes the call, and by which session. */
  caller: Caller;
}

/** A proxy response, in either payload format. */
interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What a load balancer that sends several values of a header takes, and nothing else. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** As much as is used of a middy request. */
interface Step {
  readonly event: unknown;
  readonly context: SessionContext;
  response?: unknown;
  readonly error?: Error | null;
}

/** A middleware of middy's: `.use(requireSession())`. */
export interface SessionMiddleware {
  before(step: Step): Promise<ProxyResponse | undefined>;
  onError(step: Step): void;
}

/** What ends a call whose caller is refused. The middleware itself makes an answer of it. */
export class SessionRefusedError extends Error {
  override readonly name = "SessionRefusedError";
  readonly statusCode: number;
  /** What middy's own error handler asks, should it come first. */
  readonly expose = true;
  readonly response: ProxyResponse;

  constructor(answer: WholeAnswer, event?: unknown) {
    super("the caller has no live session, or may not do this");
    this.statusCode = answer.status;
    this.response = toProxyResponse(answer, event);
  }
}

/**
 * A middleware for [middy](https://middy.js.org): the handler runs for live sessions only, and finds who
 * calls in `context.caller`. A refusal goes middy's way: it is thrown, so that the `onError` of other
 * middlewares (CORS, tracing) runs as well, and answered here.
 * @throws TypeError for a rule that cannot be right.
 */
export function requireSession(options?: RequireSessionOptions): SessionMiddleware {
  const decide = sessionRequirement(options);
  return {
    async before({ event, context }) {
      // Somebody's unit test may give a context without it.
      const remainingMs = () => (context as Partial<Context>).getRemainingTimeInMillis?.() ?? Infinity;
      const decision = await decide(event as RequestLike, { remainingMs });
      switch (decision.outcome) {
        case "live":
          context.caller = decision.caller;
          return undefined;
        case "preflight":
          return toProxyResponse(decision.answer, event);
        case "refused":
          throw new SessionRefusedError(decision.answer, event);
      }
    },
    onError(step) {
      if (!(step.error instanceof SessionRefusedError)) return;
      const { headers, multiValueHeaders, ...response } = step.error.response;
      const others = (step.response ?? {}) as Partial<ProxyResponse>;
      step.response = {
        ...response,
        headers: { ...others.headers, ...headers },
        ...(multiValueHeaders && {
          multiValueHeaders: { ...listed(others.headers), ...others.multiValueHeaders, ...multiValueHeaders },
        }),
      };
    },
  };
}

const toProxyResponse = ({ status, headers, body = "" }: WholeAnswer, event: unknown): ProxyResponse => ({
  statusCode: status,
  headers,
  ...(takesLists(event) && { multiValueHeaders: listed(headers) }),
  body,
});

/** Whether the event is of a load balancer whose target group has `lambda.multi_value_headers.enabled`. */
function takesLists(event: unknown): boolean {
  const { requestContext, multiValueHeaders } = (event ?? {}) as RequestLike;
  return Boolean(multiValueHeaders) && typeof requestContext === "object" && "elb" in (requestContext ?? {});
}

const listed = (
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
