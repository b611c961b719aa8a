import type { FunctionRunner } from "./lambda/function-runner.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { headerValues, type GatewayRequest } from "./gateway/gateway-request.ts";
import { answerInvoke, isInvokeRequest } from "./lambda/invoke-api.ts";
import { gatewayMessage } from "./gateway/proxy-response.ts";

export interface LocalEndpoints {
  readonly stackName: string;
  readonly region: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly databaseEndpoint: string;
  readonly runners: ReadonlyMap<string, FunctionRunner>;
  /** Answers everything else. */
  readonly otherwise: Gateway;
}

/** Where a running local stack says what it is: the operators' commands find its tables there. */
export const STACK_PATH = "/_local/stack";

/** What a local stack answers beside its HTTP API: direct invocation, and what it is. */
export function createLocalEndpoints(stack: LocalEndpoints): Gateway {
  const { stackName, region, outputs, databaseEndpoint } = stack;
  const description = JSON.stringify({ stackName, dynamoDbEndpoint: databaseEndpoint, region, outputs });

  return async function answer(request) {
    const isInvoke = isInvokeRequest(request);
    if (!isInvoke && request.encodedPath !== STACK_PATH) return stack.otherwise(request);
    // Neither has any other protection here, and a web page may send requests to localhost.
    if (isFromWebPage(request)) return gatewayMessage(403, "Forbidden");
    if (isInvoke) {
      return request.method === "POST"
        ? answerInvoke(request, stack.runners)
        : gatewayMessage(405, "Method Not Allowed");
    }
    return {
      status: 200,
      headers: [["content-type", "application/json"]],
      body: Buffer.from(description),
    };
  };
}

/** A browser says one or the other with everything that a page of another origin may cause. */
function isFromWebPage(request: GatewayRequest): boolean {
  const [site] = headerValues(request, "sec-fetch-site");
  return (
    headerValues(request, "origin").length > 0 ||
    (site !== undefined && site !== "none" && site !== "same-origin")
  );
}
