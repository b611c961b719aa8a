import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { withinTime } from "../dynamodb/time-left.ts";
import { faultProblem } from "./fault-problem.ts";
import { readEvent } from "./gateway-event.ts";
import { isProblem, type Problem } from "./problem.ts";
import { toGatewayResponse, type GatewayResponse, type Reply } from "./reply.ts";
import { payloadFormat, readRequest, type GatewayEvent, type HttpRequest } from "./request.ts";
import { SessionPolicyFailedError } from "../runtime/session-policy.ts";
import type { CallRecord, Telemetry } from "../runtime/telemetry.ts";
import { preflightReply, withCors, type CorsSetting } from "./cors.ts";
import { asViewerSent, cdnProblem, type CdnSetting } from "./viewer.ts";
import { UnreadOutcomeError } from "./unread-outcome.ts";

/** What every handler is made with. */
export interface CallDependencies {
  readonly telemetry: Telemetry;
  /**
   * What a CDN before the API proves itself by; without one nothing is believed of the viewer (`viewer.ts`).
   */
  readonly originSecret?: string | undefined;
  readonly settings?: CallSettings | undefined;
}

/** What of the settings concerns every call. */
export interface CallSettings extends CorsSetting, CdnSetting {}

/** One call of a function: the request, where to record its outcome, and the time left. */
export interface Call<Input> {
  readonly input: Input;
  readonly record: CallRecord;
  /** Milliseconds until the platform ends the call. */
  readonly remainingMs: () => number;
  /** The id that the call's log lines have: the gateway's where the call came through one. */
  readonly requestId: string | undefined;
}

/** One call through an API. */
export type HttpCall = Call<HttpRequest>;

/** A function as Lambda calls it. */
export type LambdaFunction<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** A function behind an API Gateway. */
export type HttpFunction = LambdaFunction<GatewayEvent, GatewayResponse>;

/**
 * The middy stack of every endpoint behind an API: reads the event, refuses what came past the CDN where that
 * is asked for, turns faults into problems, answers in the payload format of the event with the security
 * headers, and records the call. `endpoint` sees a request and gives a reply.
 */
export function createHttpFunction(
  dependencies: CallDependencies,
  endpoint: (call: HttpCall) => Promise<Reply>,
): HttpFunction {
  // middy runs `after` and `onError` in reverse order: a fault is a problem before it is put into the
  // gateway's format.
  const run = middy<unknown, unknown>()
    .use(recordsCalls(dependencies.telemetry))
    .use(speaksGateway(dependencies))
    .use(answersFaults())
    .handler((event) => {
      const input = event as HttpCall | Problem;
      if ("status" in input) return Promise.resolve(input);
      // Only where the routes have it: for origins that an HTTP API's own CORS does not take.
      const isPreflight = input.input.method === "OPTIONS";
      return isPreflight
        ? Promise.resolve(preflightReply(input.input, dependencies.settings))
        : endpoint(input);
    }) as unknown as HttpFunction;
  return inTime(run, GATEWAY_TIMEOUT_MS);
}

/** What an API Gateway waits for a function, however long the function may run. */
export const GATEWAY_TIMEOUT_MS = 29_000;

/**
 * A function that stops waiting for the database before the platform ends it, or its caller stops waiting.
 */
function inTime<Event, Result>(
  run: LambdaFunction<Event, Result>,
  callerWaitsMs = Infinity,
): LambdaFunction<Event, Result> {
  return (event, context) => {
    const startedAt = performance.now();
    // An invoker of the bare handler may have no context to give.
    const platformMs = (): number => (context as Partial<Context>).getRemainingTimeInMillis?.() ?? Infinity;
    const remainingMs = (): number => Math.min(platformMs(), callerWaitsMs - (performance.now() - startedAt));
    return withinTime(remainingMs, () => run(event, context));
  };
}

/**
 * The stack of what no HTTP client calls (direct invocations, the authorizer): records the call; faults are
 * thrown on.
 */
export function createPlainFunction<Event, Result>(
  dependencies: CallDependencies,
  route: string,
  action: (call: Call<Event>) => Promise<Result>,
): LambdaFunction<Event, Result> {
  const run = middy<unknown, unknown>()
    .use(recordsCalls(dependencies.telemetry))
    .use({
      before: (step: Step) => {
        step.internal.record?.note({ route, requestId: step.context.awsRequestId });
        step.event = callOf(step, step.event, step.context.awsRequestId);
      },
    })
    .handler((event) => action(event as Call<Event>)) as unknown as LambdaFunction<Event, Result>;
  return inTime(run);
}

interface Internal extends Record<string, unknown> {
  record?: CallRecord;
  event?: GatewayEvent;
  request?: HttpRequest;
  requestId?: string | undefined;
}
type Step = middy.Request<unknown, unknown, Error, Context, Internal>;
type Middleware = middy.MiddlewareObj<unknown, unknown, Error, Context, Internal>;

function recordsCalls(telemetry: Telemetry): Middleware {
  return {
    before: (step) => void (step.internal.record = telemetry.begin()),
    after: (step) => step.internal.record?.end(),
    onError: (step) => {
      const { record } = step.internal;
      if (step.error instanceof UnreadOutcomeError) {
        record?.note({ outcome: step.error.name });
        record?.end();
        return;
      }
      if (step.error instanceof StoreUnavailableError) record?.count("Unavailable");
      else record?.count("Faults");
      if (step.error instanceof SessionPolicyFailedError) record?.count("PolicyFaults");
      record?.fault(step.error);
      record?.end();
    },
  };
}

function speaksGateway(dependencies: CallDependencies): Middleware {
  const { originSecret, settings } = dependencies;
  const answer = (step: Step): void => {
    const reply = step.response as Reply;
    const { record, event, request } = step.internal;
    record?.note({ status: reply.status, ...(isProblem(reply) && { code: reply.code }) });
    const format = event === undefined ? "2.0" : payloadFormat(event);
    step.response = toGatewayResponse(withCors(reply, format, request, settings), format);
  };
  return {
    before: (step) => {
      const reading = readEvent(step.event);
      if (reading.outcome === "malformed") {
        step.internal.record?.note({ requestId: step.context.awsRequestId });
        step.event = reading.problem;
        return;
      }
      const { event } = reading;
      step.internal.event = event;
      const sent = readRequest(event);
      const request = asViewerSent(sent, originSecret);
      step.internal.request = request;
      step.internal.requestId = request.requestId ?? step.context.awsRequestId;
      step.internal.record?.note({ route: request.route, requestId: step.internal.requestId });
      step.event = cdnProblem(sent, dependencies) ?? callOf(step, request, step.internal.requestId);
    },
    after: answer,
    onError: answer,
  };
}

function answersFaults(): Middleware {
  return {
    onError: (step) => void (step.response = faultProblem(step.error, step.internal.requestId)),
  };
}

function callOf<Input>(step: Step, input: Input, requestId: string | undefined): Call<Input> {
  const { record } = step.internal;
  if (record === undefined) throw new Error("a call is recorded before it is read");
  return { input, record, remainingMs: () => step.context.getRemainingTimeInMillis(), requestId };
}
