import { Validations } from "aws-cdk-lib";
import {
  type HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  type IHttpApi,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { LOGIN_OIDC, type FunctionId } from "./function-ids.ts";

/** The HTTP contract (design section 6): which function answers which route. */
export const ROUTES = [
  { method: HttpMethod.POST, path: "/login", function: "login" },
  { method: HttpMethod.POST, path: "/logout", function: "logout" },
  { method: HttpMethod.GET, path: "/session", function: "validate" },
  { method: HttpMethod.GET, path: "/sessions", function: "list-sessions" },
  { method: HttpMethod.DELETE, path: "/sessions", function: "end-session" },
  { method: HttpMethod.DELETE, path: "/sessions/{id}", function: "end-session" },
  { method: HttpMethod.POST, path: "/admin/logout", function: "admin-logout" },
  { method: HttpMethod.GET, path: "/admin/sessions", function: "list-sessions" },
  { method: HttpMethod.DELETE, path: "/admin/sessions/{id}", function: "end-session" },
  { method: HttpMethod.GET, path: "/admin/endings", function: "list-sessions" },
] as const satisfies readonly { method: HttpMethod; path: string; function: FunctionId }[];

/** The routes of the code flow, where an OIDC source has it on. */
export const LOGIN_OIDC_ROUTES = [
  { method: HttpMethod.GET, path: "/login/oidc", function: LOGIN_OIDC },
  { method: HttpMethod.GET, path: "/login/oidc/callback", function: LOGIN_OIDC },
] as const;

/** The functions behind the routes. */
export type InvokedFunctions = Readonly<
  Record<(typeof ROUTES)[number]["function"], IFunction> & Partial<Record<typeof LOGIN_OIDC, IFunction>>
>;

/** A route and the function that answers it. */
export interface Route {
  readonly method: HttpMethod;
  readonly path: string;
  readonly function: FunctionId;
  readonly lambda: IFunction;
}

/** All routes of these functions. */
export function routesOf(functions: InvokedFunctions): readonly Route[] {
  const { [LOGIN_OIDC]: loginOidc } = functions;
  return [
    ...ROUTES.map((route) => ({ ...route, lambda: functions[route.function] })),
    ...(loginOidc ? LOGIN_OIDC_ROUTES.map((route) => ({ ...route, lambda: loginOidc })) : []),
  ];
}

/** The route's construct on an HTTP API, where {@link addSessionRoutes} made it. */
export function findRoute(
  owner: Construct,
  httpApi: IHttpApi,
  { method, path }: Pick<Route, "method" | "path">,
): HttpRoute | undefined {
  return scopeOf(owner, httpApi).node.tryFindChild(`${owner.node.id}${method}${path}`) as
    HttpRoute | undefined;
}

const scopeOf = (owner: Construct, httpApi: IHttpApi) => (Construct.isConstruct(httpApi) ? httpApi : owner);

/**
 * Puts all routes on an HTTP API, beside whatever else is on it. They are made in the API's own scope, so
 * that an API in another stack may use the authorizer without the two stacks needing each other.
 */
export function addSessionRoutes(
  owner: Construct,
  api: HttpApi | IHttpApi,
  functions: InvokedFunctions,
): void {
  // CDK's own types disagree under `exactOptionalPropertyTypes`.
  const httpApi = api as IHttpApi;
  for (const { method, path, function: id, lambda } of routesOf(functions)) {
    addRoute(owner, httpApi, { method, path }, new HttpLambdaIntegration(`${owner.node.id}${id}`, lambda));
  }
}

/**
 * Lets a function answer the preflight at each path, for allowed origins that an HTTP API's own CORS does not take. Every function
 * that answers HTTP can (`src/http/endpoint.ts`).
 */
export function addPreflightRoutes(
  owner: Construct,
  api: HttpApi | IHttpApi,
  paths: readonly string[],
  lambda: IFunction,
): void {
  for (const path of paths) {
    const integration = new HttpLambdaIntegration(`${owner.node.id}preflight`, lambda);
    addRoute(owner, api as IHttpApi, { method: HttpMethod.OPTIONS, path }, integration);
  }
}

function addRoute(
  owner: Construct,
  httpApi: IHttpApi,
  { method, path }: { readonly method: HttpMethod; readonly path: string },
  integration: HttpLambdaIntegration,
): void {
  const route = new HttpRoute(scopeOf(owner, httpApi), `${owner.node.id}${method}${path}`, {
    httpApi,
    routeKey: HttpRouteKey.with(path, method),
    integration,
    // Said outright: the API may have a default authorizer, whose refusal could not say why a session is
    // not live.
    authorizer: new HttpNoneAuthorizer(),
  });
  Validations.of(route).acknowledge({
    id: "AwsSolutions-APIG4",
    reason:
      "The function resolves the caller's session itself, so that it can answer why a session is not live; " +
      "at the routes under /login a caller without a session gets one.",
  });
}
