import type { ApiModel, RouteModel } from "../model/api-model.ts";
import { createAuthorize, type AuthorizerDependencies, type Authorization } from "./authorizer.ts";
import { preflightResponse, withCors } from "./cors.ts";
import type { GatewayRequest } from "./gateway-request.ts";
import { proxyEventV1, proxyEventV2, type RouteContext } from "./proxy-event.ts";
import {
  gatewayMessage,
  INTERNAL_SERVER_ERROR,
  proxyResponse,
  type GatewayResponse,
} from "./proxy-response.ts";
import { matchable, matchRoute, type RouteMatch } from "./route-match.ts";

/** Answers one request as the HTTP API would. */
export type Gateway = (request: GatewayRequest) => Promise<GatewayResponse>;

/** The gateway's own answers to a request that its authorizer did not let through. */
const REFUSALS = {
  unidentified: gatewayMessage(401, "Unauthorized"),
  refused: gatewayMessage(403, "Forbidden"),
  fault: INTERNAL_SERVER_ERROR,
} as const satisfies Record<Exclude<Authorization["outcome"], "authorized">, GatewayResponse>;

/**
 * An HTTP API: route, authorizer, integration, CORS. Throttling and the limit of 30 seconds on an integration
 * are not emulated; a function's own timeout is.
 */
export function createGateway(api: ApiModel | undefined, dependencies: AuthorizerDependencies): Gateway {
  const routes = matchable(api?.routes ?? []);
  const authorize = createAuthorize(dependencies);

  async function integrate({ route, pathParameters }: RouteMatch<RouteModel>, request: GatewayRequest) {
    let context: RouteContext = { routeKey: route.key, pathParameters };
    if (route.authorizer !== undefined) {
      const authorization = await authorize(route.authorizer, request, context);
      if (authorization.outcome !== "authorized") return REFUSALS[authorization.outcome];
      context = { ...context, authorizer: authorization.context };
    }
    const event =
      route.payloadFormat === "2.0" ? proxyEventV2(request, context) : proxyEventV1(request, context);
    const result = await dependencies.invoke(route.functionName, JSON.stringify(event));
    return result.outcome === "fault"
      ? INTERNAL_SERVER_ERROR
      : proxyResponse(result.payload, route.payloadFormat);
  }

  return async function answer(request) {
    const match = matchRoute(routes, request.method, request.encodedPath);
    if (match === undefined && request.method === "OPTIONS" && api?.cors !== undefined) {
      return preflightResponse(api.cors, request);
    }
    const response = match === undefined ? gatewayMessage(404, "Not Found") : await integrate(match, request);
    return withCors(api?.cors, request, response);
  };
}
