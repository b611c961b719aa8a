import { Validations } from "aws-cdk-lib";
import {
  type CfnRoute,
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
import { ACTIVITY_CALLS, CALLS, JOB_CALLS, OIDC_CALLS } from "../src/api/calls.ts";
import { LOGIN } from "../src/api/login.ts";
import type { Call } from "../src/api/parts/call.ts";
import { SettingError } from "./settings/setting-error.ts";
import { ACTIVITY, JOBS, LOGIN_OIDC, type FUNCTION_IDS, type FunctionId } from "./function-ids.ts";

/** The functions that answer calls; the authorizer answers none. */
type AnsweringFunction = Exclude<(typeof FUNCTION_IDS)[number], "authorize">;

/** The functions behind the routes. */
export type InvokedFunctions = Readonly<
  Record<AnsweringFunction, IFunction> &
    Partial<Record<typeof LOGIN_OIDC | typeof ACTIVITY | typeof JOBS, IFunction>>
>;

/** A route, and the id of the function that answers it. */
interface RouteTo<Id extends FunctionId> {
  readonly method: HttpMethod;
  readonly path: string;
  readonly function: Id;
}

/** The routes of the HTTP contract (`src/api/`). */
export const ROUTES: readonly RouteTo<AnsweringFunction>[] = CALLS.map(toRoute);

/** The routes of the code flow, where an OIDC source has it on. */
export const LOGIN_OIDC_ROUTES: readonly RouteTo<typeof LOGIN_OIDC>[] = OIDC_CALLS.map(toRoute);

/** The routes about activity, where it is on. */
export const ACTIVITY_ROUTES: readonly RouteTo<typeof ACTIVITY>[] = ACTIVITY_CALLS.map(toRoute);

/** The routes about jobs, where they are on. */
export const JOB_ROUTES: readonly RouteTo<typeof JOBS>[] = JOB_CALLS.map(toRoute);

/** Every route that a deployment can have. */
export const ALL_ROUTES: readonly RouteTo<FunctionId>[] = [
  ...ROUTES,
  ...LOGIN_OIDC_ROUTES,
  ...ACTIVITY_ROUTES,
  ...JOB_ROUTES,
];

function toRoute<Id extends FunctionId>(call: Call & { readonly function: Id }): RouteTo<Id> {
  return { method: HttpMethod[call.method], path: call.path, function: call.function };
}

/** A route and the function that answers it. */
export interface Route extends RouteTo<FunctionId> {
  readonly lambda: IFunction;
}

/** All routes of these functions. */
export function routesOf(functions: InvokedFunctions): readonly Route[] {
  const { [LOGIN_OIDC]: loginOidc, [ACTIVITY]: activity, [JOBS]: jobs } = functions;
  return [
    ...ROUTES.map((route) => ({ ...route, lambda: functions[route.function] })),
    ...(loginOidc ? LOGIN_OIDC_ROUTES.map((route) => ({ ...route, lambda: loginOidc })) : []),
    ...(activity ? ACTIVITY_ROUTES.map((route) => ({ ...route, lambda: activity })) : []),
    ...(jobs ? JOB_ROUTES.map((route) => ({ ...route, lambda: jobs })) : []),
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

/** Whether an API has been given the routes of these sessions. */
export const hasRoutes = (owner: Construct, httpApi: IHttpApi): boolean =>
  ROUTES.some((route) => findRoute(owner, httpApi, route) !== undefined);

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
  checkRouteKeys(owner, httpApi);
  for (const { method, path, function: id, lambda } of routesOf(functions)) {
    addRoute(owner, httpApi, { method, path }, new HttpLambdaIntegration(`${owner.node.id}${id}`, lambda));
  }
}

/**
 * Lets a function answer the preflight at each path, for allowed origins that an HTTP API's own CORS does not
 * take. Every function that answers HTTP can (`src/http/endpoint.ts`).
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

/** APIs whose routes are checked at the synth. */
const checked = new WeakSet<IHttpApi>();

/**
 * API Gateway refuses a second route of the same key, and that shows at the deployment only: where two
 * constructs put their routes on one API, or the API has a login of its own.
 */
function checkRouteKeys(owner: Construct, httpApi: IHttpApi): void {
  if (checked.has(httpApi)) return;
  checked.add(httpApi);
  const validate = (): string[] => {
    const routes = owner.node.root.node
      .findAll()
      .filter((each): each is HttpRoute => each instanceof HttpRoute && each.httpApi === httpApi);
    const byKey = Map.groupBy(routes, ({ node }) => (node.defaultChild as CfnRoute).routeKey);
    return [...byKey]
      .filter(([, { length }]) => length > 1)
      .map(([key, same]) => {
        const paths = same.map(({ node }) => node.path).join(" and ");
        const accepted = "one of each; give these sessions an API of their own";
        return new SettingError(`The API has the route ${key} more than once: ${paths}`, accepted).message;
      });
  };
  scopeOf(owner, httpApi).node.addValidation({ validate });
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
      `at the routes under ${LOGIN.path} a caller without a session gets one.`,
  });
}
