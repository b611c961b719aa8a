import type { Context } from "aws-lambda";
import {
  createPlainFunction,
  type Call,
  type CallDependencies,
  type HttpFunction,
  type LambdaFunction,
} from "../src/http/endpoint.ts";
import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { GatewayEvent } from "../src/http/request.ts";
import { checkJson } from "../src/http/schema.ts";
import type { Schema } from "../src/api/parts/fields.ts";

/** A refusal of a direct invocation: the code of the problem that HTTP would answer, and its extensions. */
export interface DirectRefusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/**
 * The half of a function that is invoked directly, where IAM is the authority. Its input is checked as a body
 * is; refusals are returned, faults thrown, so that the invoker's own retries and alarms see them.
 */
export function createDirectFunction<Input, Result extends object>(
  dependencies: CallDependencies,
  name: string,
  schema: Schema<Input>,
  action: (call: Call<Input>) => Promise<Result | DirectRefusal>,
): LambdaFunction<unknown, Result | DirectRefusal> {
  return createPlainFunction(dependencies, `invoke ${name}`, async (call: Call<unknown>) => {
    const checked = checkJson(schema, call.input);
    const result =
      checked.outcome === "valid"
        ? await action({ ...call, input: checked.value })
        : refusal("invalid_request", "The event is not as this function accepts it.", {
            errors: checked.errors,
          });
    if ("code" in result) call.record.note({ code: result.code });
    return result;
  });
}

/** A refusal with its extensions. */
export function refusal(
  code: ProblemCode,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): DirectRefusal {
  return { code, detail, ...extensions };
}

/**
 * One function of its two halves. An event with `requestContext` came through an API, whose callers IAM does
 * not vouch for: it is never taken for a direct one, whatever else it holds.
 */
export function createTwoWayFunction<Result>(
  http: HttpFunction,
  direct: LambdaFunction<unknown, Result>,
): (event: unknown, context: Context) => Promise<unknown> {
  return (event, context) =>
    typeof event === "object" && event !== null && "requestContext" in event
      ? http(event as GatewayEvent, context)
      : direct(event, context);
}
