import type { FunctionRunner } from "./lambda/function-runner.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { headerValues, type GatewayRequest } from "./gateway/gateway-request.ts";
import { isDurableRequest, type DurableHost } from "./lambda/durable-host.ts";
import { answerInvoke, isInvokeRequest } from "./lambda/invoke-api.ts";
import { gatewayMessage, type GatewayResponse } from "./gateway/proxy-response.ts";
import { answerAwsJson, isAwsJsonRequest, type Operation } from "./outbox/aws-json-api.ts";
import { PUBLISH_PATH, type PushServer } from "./push/push-server.ts";

export interface LocalEndpoints {
  readonly stackName: string;
  readonly region: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly databaseEndpoint: string;
  readonly runners: ReadonlyMap<string, FunctionRunner>;
  /** What of EventBridge and SQS answers here, by the names that the SDKs send. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly push: PushServer | undefined;
  readonly durable: DurableHost;
  /** Answers everything else. */
  readonly otherwise: Gateway;
}

/** Where a running local stack says what it is: the operators' commands find its tables there. */
export const STACK_PATH = "/_local/stack";

/**
 * What a local stack answers beside its HTTP API: direct invocation, what it is, and what of EventBridge, SQS
 * and AppSync runs here.
 */
export function createLocalEndpoints(stack: LocalEndpoints): Gateway {
  const { stackName, region, outputs, databaseEndpoint } = stack;
  const description = JSON.stringify({ stackName, dynamoDbEndpoint: databaseEndpoint, region, outputs });

  function endpointOf(request: GatewayRequest): (() => Promise<GatewayResponse>) | undefined {
    if (isInvokeRequest(request)) {
      return async () =>
        request.method === "POST"
          ? answerInvoke(request, stack.runners, stack.durable)
          : gatewayMessage(405, "Method Not Allowed");
    }
    if (isDurableRequest(request)) return () => stack.durable.answer(request);
    if (isAwsJsonRequest(request)) return () => answerAwsJson(request, stack.operations);
    const { push } = stack;
    if (push !== undefined && isPublication(request)) return () => push.answer(request);
    if (request.encodedPath !== STACK_PATH) return undefined;
    const headers = [["content-type", "application/json"]] as const;
    return () => Promise.resolve({ status: 200, headers, body: Buffer.from(description) });
  }

  return async function answer(request) {
    const endpoint = endpointOf(request);
    if (endpoint === undefined) return stack.otherwise(request);
    // None has any other protection here, and a web page may send requests to localhost.
    return isFromWebPage(request) ? gatewayMessage(403, "Forbidden") : endpoint();
  };
}

/** What an Event API answers at an address of its own. */
export const createPushEndpoint =
  (push: PushServer): Gateway =>
  async (request) => {
    if (!isPublication(request)) return gatewayMessage(404, "Not Found");
    return isFromWebPage(request) ? gatewayMessage(403, "Forbidden") : push.answer(request);
  };

const isPublication = ({ method, encodedPath }: GatewayRequest): boolean =>
  method === "POST" && encodedPath === PUBLISH_PATH;

/** A browser says one or the other with everything that a page of another origin may cause. */
function isFromWebPage(request: GatewayRequest): boolean {
  const [site] = headerValues(request, "sec-fetch-site");
  return (
    headerValues(request, "origin").length > 0 ||
    (site !== undefined && site !== "none" && site !== "same-origin")
  );
}
