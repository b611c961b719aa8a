import { z } from "zod";
import type { AuthorizerModel } from "../model/api-model.ts";
import type { InvocationResult } from "../lambda/function-instance.ts";
import type { Authorization } from "./authorization.ts";
import { headerValues, type GatewayRequest } from "./gateway-request.ts";
import { policyAnswer } from "./authorizer-policy.ts";
import { authorizerEventV1, authorizerEventV2, methodArn, type RouteContext } from "./proxy-event.ts";

export interface AuthorizerDependencies {
  readonly region: string;
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Asks the authorizer of a route. */
export type Authorize = (
  authorizer: AuthorizerModel,
  request: GatewayRequest,
  route: RouteContext,
) => Promise<Authorization>;

const simpleResponse = z.object({
  isAuthorized: z.boolean(),
  context: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Lambda authorizers as HTTP and REST APIs run them ("Working with AWS Lambda authorizers for HTTP APIs",
 * "Use API Gateway Lambda authorizers"): every listed identity source must be there; answers are kept per
 * identity for the authorizer's time to live, for all routes that share it; faults never.
 */
export function createAuthorize({ region, invoke, clock }: AuthorizerDependencies): Authorize {
  const kept = new Map<string, { readonly answer: Authorization; readonly until: number }>();

  return async function authorize(authorizer, request, route) {
    const identity = authorizer.identitySources.map((source) => identityFrom(source, request, route));
    if (identity.some((value) => value === "")) return { outcome: "unidentified" };
    const caches = authorizer.cacheSeconds > 0 && identity.length > 0;
    const key = JSON.stringify([authorizer.logicalId, ...identity]);
    const earlier = caches ? kept.get(key) : undefined;
    if (earlier !== undefined && clock() < earlier.until) return earlier.answer;

    const { format, type } = authorizer;
    const event =
      format === "2.0"
        ? authorizerEventV2(request, route, { region, identitySource: identity.length > 0 ? identity : null })
        : authorizerEventV1(request, route, { region, type, format, identity: identity.join(",") });
    const result = await invoke(authorizer.functionName, JSON.stringify(event));
    const answer =
      authorizer.answers === "simple"
        ? decide(result)
        : policyAnswer(result, methodArn(request, route, region), format);
    if (caches && answer.outcome !== "fault") {
      kept.set(key, { answer, until: clock() + authorizer.cacheSeconds * 1000 });
    }
    return answer;
  };
}

function decide(result: InvocationResult): Authorization {
  if (result.outcome === "fault") return { outcome: "fault" };
  const parsed = simpleResponse.safeParse(JSON.parse(result.payload));
  if (!parsed.success) return { outcome: "fault" };
  const { isAuthorized, context } = parsed.data;
  return isAuthorized ? { outcome: "authorized", context: context ?? {} } : { outcome: "refused" };
}

/**
 * The value of an identity source; empty where it is absent. Header names have no case, those of parameters
 * have.
 */
function identityFrom(source: string, request: GatewayRequest, route: RouteContext): string {
  if (source === "$context.routeKey") return route.routeKey;
  const [, kind, ...rest] = source.split(".");
  const name = rest.join(".");
  return kind === "header"
    ? headerValues(request, name).join(",")
    : new URLSearchParams(request.queryString).getAll(name).join(",");
}
