import { z } from "zod";
import type { AuthorizerModel } from "../model/api-model.ts";
import type { InvocationResult } from "../lambda/function-instance.ts";
import { headerValues, type GatewayRequest } from "./gateway-request.ts";
import { authorizerEventV2, type RouteContext } from "./proxy-event.ts";

/** What an authorizer decided. */
export type Authorization =
  | { readonly outcome: "authorized"; readonly context: Readonly<Record<string, unknown>> }
  /** A listed identity source is absent; the function was not asked. */
  | { readonly outcome: "unidentified" }
  | { readonly outcome: "refused" }
  /** The function failed or answered nonsense. */
  | { readonly outcome: "fault" };

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
 * Lambda authorizers as HTTP APIs run them ("Working with AWS Lambda authorizers for HTTP APIs"): every
 * listed identity source must be there; answers are kept per identity for the authorizer's time to live, for
 * all routes that share it; faults never.
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

    const event = authorizerEventV2(request, route, {
      region,
      identitySource: identity.length > 0 ? identity : null,
    });
    const answer = decide(await invoke(authorizer.functionName, JSON.stringify(event)));
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
