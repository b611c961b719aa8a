import { Readable } from "node:stream";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * What happens to one request: it may be let through, refused instead of sent, or sent and its answer lost.
 */
export type Disturbance = "none" | "lose-answer" | { readonly refuseWith: string };

interface Handler {
  handle: (request: { headers: Record<string, string> }, options?: unknown) => Promise<unknown>;
}

/**
 * Stands between a client and the database: `disturb` is asked before each request with its operation, such
 * as `PutItem`.
 * @returns the operations asked for so far, retries included.
 */
export function disturbRequests(
  client: DynamoDBDocumentClient,
  disturb: (operation: string) => Disturbance = () => "none",
): string[] {
  const operations: string[] = [];
  const handler = client.config.requestHandler as unknown as Handler;
  const send = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const operation = request.headers["x-amz-target"]?.split(".")[1] ?? "unknown";
    operations.push(operation);
    const disturbance = disturb(operation);
    if (typeof disturbance === "object") return refusal(disturbance.refuseWith);
    const answer = await send(request, options);
    if (disturbance === "none") return answer;
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  };
  return operations;
}

/** The answer of DynamoDB itself to a request it refuses. */
function refusal(code: string): unknown {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: code });
  return {
    response: {
      statusCode: 400,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: Readable.from([Buffer.from(body)]),
    },
  };
}
