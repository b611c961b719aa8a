import { z } from "zod";
import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";

/** Answers one operation with what becomes its JSON. */
export type Operation = (input: unknown) => unknown;

/** What an operation throws for an error that the service documents. */
export class ServiceError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Whether a request speaks AWS's JSON protocol: it names its operation in a header, at any path. */
export const isAwsJsonRequest = (request: GatewayRequest): boolean =>
  request.method === "POST" && targetOf(request) !== undefined;

const targetOf = (request: GatewayRequest): string | undefined => headerValues(request, "x-amz-target")[0];

/**
 * AWS's JSON protocol, 1.0 and 1.1, which the SDKs and the AWS CLI speak to EventBridge and SQS. Who may call
 * is not asked; on AWS that is IAM's to say.
 * @param operations by their names in the header: `AWSEvents.PutEvents`.
 */
export async function answerAwsJson(
  request: GatewayRequest,
  operations: Readonly<Record<string, Operation>>,
): Promise<GatewayResponse> {
  const version = headerValues(request, "content-type")[0] ?? "application/x-amz-json-1.0";
  const answer = (status: number, body: unknown): GatewayResponse => ({
    status,
    headers: [["content-type", version]],
    body: Buffer.from(JSON.stringify(body)),
  });
  const failure = (type: string, message: string) => answer(400, { __type: type, message });
  const target = targetOf(request) ?? "";
  const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
  if (operation === undefined) {
    const known = Object.keys(operations).join(", ");
    return failure("UnknownOperationException", `${target} does not run here; there are ${known}`);
  }
  const input = asJson(request.body.toString("utf8"));
  if (input === undefined) return failure("SerializationException", "the body is not JSON");
  try {
    return answer(200, await operation(input));
  } catch (error) {
    if (error instanceof ServiceError) return failure(error.type, error.message);
    if (error instanceof z.ZodError) return failure("ValidationException", z.prettifyError(error));
    throw error;
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text) as unknown;
  } catch {
    return undefined;
  }
}
