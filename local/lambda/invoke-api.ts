import { randomUUID } from "node:crypto";
import { LocalStackError } from "../errors.ts";
import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";
import type { DurableHost } from "./durable-host.ts";
import { THROTTLED, type FunctionRunner } from "./function-runner.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";

const INVOCATIONS_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Whether a request is Lambda's own `Invoke` and not one for the HTTP API. */
export const isInvokeRequest = ({ encodedPath }: GatewayRequest): boolean =>
  INVOCATIONS_PATH.test(encodedPath);

/**
 * Lambda's `Invoke`, enough of it for the AWS CLI and the SDKs: `RequestResponse`, `Event` (without retries;
 * a failure is logged) and `DryRun`. Who may call is not asked; on AWS that is IAM's to say.
 */
export async function answerInvoke(
  request: GatewayRequest,
  runners: ReadonlyMap<string, FunctionRunner>,
  durable: DurableHost,
): Promise<GatewayResponse> {
  const asked = decodeURIComponent(INVOCATIONS_PATH.exec(request.encodedPath)?.[1] ?? "");
  const runner = find(asked, runners);
  if (runner === undefined) {
    return invokeError(404, "ResourceNotFoundException", `Function not found: ${asked}`);
  }
  // An empty payload reaches the handler as an empty object.
  const payload = request.body.length === 0 ? "{}" : request.body.toString("utf8");
  if (!isJson(payload)) {
    const message = "Could not parse request body into json";
    return invokeError(400, "InvalidRequestContentException", message);
  }
  if (runner.model.isDurable) return startDurable(request, { asked, runner, payload, durable });
  switch (headerValues(request, "x-amz-invocation-type")[0] ?? "RequestResponse") {
    case "RequestResponse":
      return answerOf(await runner.invoke(payload));
    case "Event":
      runner.invokeLater(payload);
      return { status: 202, headers: [], body: Buffer.alloc(0) };
    case "DryRun":
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    default:
      return invokeError(
        400,
        "InvalidParameterValueException",
        "The invocation type is one of RequestResponse, Event, DryRun",
      );
  }
}

interface DurableInvocation {
  readonly asked: string;
  readonly runner: FunctionRunner;
  readonly payload: string;
  readonly durable: DurableHost;
}

/** Of durable functions only the asynchronous invocation runs here: it is the one for what takes long. */
async function startDurable(
  request: GatewayRequest,
  { asked, runner, payload, durable }: DurableInvocation,
): Promise<GatewayResponse> {
  if (!QUALIFIED.test(asked)) {
    const message = "You cannot invoke a durable function using an unqualified ARN.";
    return invokeError(400, "InvalidParameterValueException", message);
  }
  if (headerValues(request, "x-amz-invocation-type")[0] !== "Event") {
    const message = "A durable function is invoked here with the invocation type Event only";
    return invokeError(400, "InvalidParameterValueException", message);
  }
  const [name = randomUUID()] = headerValues(request, "x-amz-durable-execution-name");
  try {
    const { arn } = await durable.start(runner, payload, name);
    return { status: 202, headers: [["x-amz-durable-execution-arn", arn]], body: Buffer.alloc(0) };
  } catch (error) {
    if (!(error instanceof LocalStackError)) throw error;
    return invokeError(501, "ServiceException", error.message);
  }
}

/** A name or an ARN with a version or an alias after it. */
const QUALIFIED = /^([^:]+|arn:.*:function:[^:]+):[^:]+$/;

function answerOf(result: Awaited<ReturnType<FunctionRunner["invoke"]>>): GatewayResponse {
  const headers: (readonly [string, string])[] = [
    ["content-type", "application/json"],
    ["x-amz-executed-version", "$LATEST"],
  ];
  if (result.outcome === "answered") return { status: 200, headers, body: Buffer.from(result.payload) };
  if (result === THROTTLED) {
    return invokeError(429, result.fault.errorType, result.fault.errorMessage);
  }
  return {
    status: 200,
    headers: [...headers, ["x-amz-function-error", "Unhandled"]],
    body: Buffer.from(JSON.stringify(result.fault)),
  };
}

/** By name, logical id or ARN, each with or without a qualifier after it. */
function find(asked: string, runners: ReadonlyMap<string, FunctionRunner>): FunctionRunner | undefined {
  const name = asked.includes(":function:") ? (asked.split(":function:")[1] ?? "") : asked;
  const [unqualified = ""] = name.split(":");
  return (
    runners.get(unqualified) ?? [...runners.values()].find(({ model }) => model.logicalId === unqualified)
  );
}

function invokeError(status: number, type: string, message: string): GatewayResponse {
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["x-amzn-errortype", type],
    ],
    body: Buffer.from(JSON.stringify({ Type: "User", Message: message, message })),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
