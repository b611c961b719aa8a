import type { Handler } from "../../functions/wiring.ts";
import { requestsByKind, totalUnits, type CountingProxy } from "../support/counting-proxy.ts";
import { lambdaContext } from "../support/gateway-events.ts";
import { expect } from "../support/rounds.ts";
import type { CallCounts } from "./counts.ts";

/** What one call cost with one value of `logValidations`. */
export type CountedCall = Omit<CallCounts, "logBytes"> & { readonly logBytes: number };

/** What a function gives back, as far as it is looked at. */
interface Answer {
  readonly batchItemFailures?: readonly unknown[];
  readonly statusCode?: number;
  readonly isAuthorized?: boolean;
  readonly body?: string;
  readonly token?: string;
}

/**
 * Calls a function.
 * @returns what it answered, and what that cost.
 * @throws Error where it does not answer as expected, for then something else was counted.
 */
export async function countedCall(
  proxy: CountingProxy,
  name: string,
  handler: Handler,
  event: unknown,
  expected: number | boolean,
): Promise<{ readonly answer: unknown; readonly counted: CountedCall }> {
  const { passed, output } = await outputDuring(() =>
    proxy.during(() => handler(event as never, lambdaContext(name) as never)),
  );
  // The record is then missing here and is counted with the next call.
  if (output.includes("ActivityLost")) throw new Error(`${name} was too slow: count when less else runs`);
  const answer = passed.result as Answer;
  const { statusCode, isAuthorized, batchItemFailures, token, body = "" } = answer;
  const given = statusCode ?? isAuthorized ?? batchItemFailures?.length;
  expect(given ?? (token === undefined ? JSON.stringify(answer) : 200), expected);
  const counted = {
    requests: requestsByKind(passed.requests),
    units: totalUnits(passed.requests),
    logBytes: Buffer.byteLength(output),
    bodyBytes: Buffer.byteLength(body),
  };
  return { answer: body === "" ? answer : JSON.parse(body), counted };
}

/** What this process writes while an action runs: what Lambda would put into the function's log. */
async function outputDuring<T>(
  action: () => Promise<T>,
): Promise<{ readonly passed: T; readonly output: string }> {
  let output = "";
  const restore = [process.stdout, process.stderr].map((stream) => {
    const original = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array): boolean => {
      output += Buffer.from(chunk).toString();
      return true;
    };
    return () => (stream.write = original);
  });
  try {
    const passed = await action();
    return { passed, output };
  } finally {
    for (const each of restore) each();
  }
}

/** As Lambda sets them: a call's trace id goes into each line. */
const LAMBDA_VARIABLES = {
  POWERTOOLS_DEV: "false",
  POWERTOOLS_METRICS_DISABLED: "false",
  _X_AMZN_TRACE_ID: "Root=1-68a1b2c3-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0",
};

export async function withLambdaVariables<T>(action: () => Promise<T>): Promise<T> {
  const before = Object.keys(LAMBDA_VARIABLES).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, LAMBDA_VARIABLES);
  try {
    return await action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
