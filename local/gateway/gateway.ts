import type { ApiModel, RouteModel } from "../model/api-model.ts";
import type { Authorization } from "./authorization.ts";
import { createAuthorize, type AuthorizerDependencies } from "./authorizer.ts";
import { preflightResponse, withCors } from "./cors.ts";
import type { GatewayRequest } from "./gateway-request.ts";
import { proxyEventV1, proxyEventV2, restProxyEvent, type RouteContext } from "./proxy-event.ts";
import {
  gatewayMessage,
  INTERNAL_SERVER_ERROR,
  proxyResponse,
  type GatewayResponse,
} from "./proxy-response.ts";
import { matchable, matchRoute, type RouteMatch } from "./route-match.ts";

/** Answers one request as the API would. */
export type Gateway = (request: GatewayRequest) => Promise<GatewayResponse>;

type Refusal = Exclude<Authorization["outcome"], "authorized">;

/** The gateway's own answers: to what its authorizer did not let through, and to what it cannot do. */
interface OwnAnswers extends Readonly<Record<Refusal, GatewayResponse>> {
  readonly noRoute: GatewayResponse;
  readonly failed: GatewayResponse;
}
const OWN_ANSWERS: Readonly<Record<ApiModel["kind"], OwnAnswers>> = {
  http: {
    unidentified: gatewayMessage(401, "Unauthorized"),
    refused: gatewayMessage(403, "Forbidden"),
    fault: INTERNAL_SERVER_ERROR,
    noRoute: gatewayMessage(404, "Not Found"),
    failed: INTERNAL_SERVER_ERROR,
  },
  rest: {
    unidentified: gatewayMessage(401, "Unauthorized"),
    refused: gatewayMessage(403, "User is not authorized to access this resource"),
    fault: gatewayMessage(500, null),
    noRoute: gatewayMessage(403, "Missing Authentication Token"),
    failed: gatewayMessage(502, "Internal server error"),
  },
};

const EVENTS = { "1.0": proxyEventV1, "2.0": proxyEventV2, rest: restProxyEvent } as const;

/**
 * An HTTP or REST API: stage, route, authorizer, integration, CORS. Throttling and the limit of 30 seconds on
 * an integration are not emulated; a function's own timeout is.
 */
export function createGateway(api: ApiModel | undefined, dependencies: AuthorizerDependencies): Gateway {
  const { kind = "http", apiId = "", stages = ["$default"], cors } = api ?? {};
  const own = OWN_ANSWERS[kind];
  const routes = matchable(api?.routes ?? []);
  const authorize = createAuthorize(dependencies);

  async function integrate(
    { route, pathParameters }: RouteMatch<RouteModel>,
    request: GatewayRequest,
    place: Pick<RouteContext, "stage" | "pathInStage">,
  ): Promise<GatewayResponse> {
    const { target } = route;
    if (target.kind === "elsewhere") return gatewayMessage(501, target.why);
    let context: RouteContext = { apiId, ...place, routeKey: route.key, pathParameters };
    if (route.authorizer !== undefined) {
      const authorization = await authorize(route.authorizer, request, context);
      if (authorization.outcome !== "authorized") return own[authorization.outcome];
      context = { ...context, authorizer: authorization.context };
    }
    if (target.kind === "fixed") return target.response;
    const event = EVENTS[target.format](request, context);
    const result = await dependencies.invoke(target.functionName, JSON.stringify(event));
    if (result.outcome === "fault") return own.failed;
    const response = proxyResponse(result.payload, target.format === "2.0" ? "2.0" : "1.0");
    return response === INTERNAL_SERVER_ERROR ? own.failed : response;
  }

  return async function answer(request) {
    const place = placeIn(request, stages);
    const match = place && matchRoute(routes, request.method, place.encodedPath);
    if (match === undefined && request.method === "OPTIONS" && cors !== undefined) {
      return preflightResponse(cors, request);
    }
    const response =
      match === undefined || place === undefined ? own.noRoute : await integrate(match, request, place);
    return withCors(cors, request, response);
  };
}

/** The stage that a request is for, and its path below that. */
function placeIn(
  { encodedPath }: GatewayRequest,
  stages: readonly string[],
): (Pick<RouteContext, "stage" | "pathInStage"> & { readonly encodedPath: string }) | undefined {
  const [, first = ""] = encodedPath.split("/");
  const named = stages.find((stage) => stage !== "$default" && stage === first);
  const stage = named ?? stages.find((each) => each === "$default");
  if (stage === undefined) return undefined;
  const rest = named === undefined ? encodedPath : encodedPath.slice(named.length + 1) || "/";
  return { stage, encodedPath: rest, pathInStage: decodeURIComponent(rest) };
}
