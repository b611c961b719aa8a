import type {
  IResource,
  IRestApi,
  MethodDeploymentOptions,
  RequestAuthorizer,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import type {
  HttpApi,
  HttpStage,
  IHttpApi,
  IHttpRouteAuthorizer,
  IHttpStage,
  IWebSocketRouteAuthorizer,
} from "aws-cdk-lib/aws-apigatewayv2";
import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct, IConstruct } from "constructs";
import type { AuthorizerCache } from "./authorizer.ts";
import type { ProtectedFunction } from "./guard.ts";
import type { SessionThrottle } from "./throttle.ts";

/** What an authorizer of a REST API may be like. */
export interface RestAuthorizerOptions {
  /**
   * Where the authorizer is made: in the stack of its API.
   * @default the sessions, which is right where the API is in their stack
   */
  readonly scope?: Construct;
  /**
   * Instead of the cache of the sessions; `"none"`: the function is asked each time.
   * @default the cache of the sessions
   */
  readonly cache?: AuthorizerCache | "none";
}

/**
 * The sessions of a `SingleSession`, made here or imported by `SingleSession.fromAttributes`. A member of
 * imported sessions throws a SettingError where its ARN was not given.
 */
export interface ISingleSession extends IConstruct {
  // `Table | ITable`: CDK's own types disagree under `exactOptionalPropertyTypes`.
  /** Sessions, rosters and endings. */
  readonly sessionsTable: Table | ITable;
  /** The password directory, where that identity source is on. */
  readonly usersTable?: Table | ITable | undefined;
  /** Used id tokens, failed attempts and devices, where the password directory or an OIDC source is on. */
  readonly signInTable?: Table | ITable | undefined;
  /** `POST /login`; also invoked directly by a backend that has authenticated a user itself. */
  readonly loginFunction: IFunction;
  /** `GET /login/oidc` and `GET /login/oidc/callback`, where an OIDC source has the code flow on. */
  readonly loginOidcFunction?: IFunction | undefined;
  /** `POST /logout`. */
  readonly logoutFunction: IFunction;
  /** `GET /session`. */
  readonly validateFunction: IFunction;
  /** What the authorizers ask. */
  readonly authorizeFunction: IFunction;
  /** `POST /admin/logout`; also invoked directly, and fit as the target of an EventBridge rule. */
  readonly adminLogoutFunction: IFunction;
  /** `GET /sessions`, `GET /admin/sessions`, `GET /admin/endings`. */
  readonly listSessionsFunction: IFunction;
  /** `DELETE /sessions`, `DELETE /sessions/{id}`. */
  readonly endSessionFunction: IFunction;
  /**
   * `GET /admin/overview`, `GET /admin/suspects`, `GET /admin/activity` and `GET /sessions/activity`, where
   * activity is on.
   */
  readonly activityFunction?: IFunction | undefined;
  /** `POST /admin/jobs`, and the other calls about jobs, where they are on. */
  readonly jobsFunction?: IFunction | undefined;
  /**
   * For other routes that need a live session: the request's authorizer context has `userId`, `sessionId`,
   * `isAdmin` and `permissions`. Not live is 403, a store that cannot be asked 500. It may be used by
   * several HTTP APIs, and makes an authorizer on each of them.
   */
  readonly authorizer: IHttpRouteAuthorizer;
  /** The paths of all routes that {@link addRoutes} makes, each once: `/sessions/{id}`. */
  readonly paths: readonly string[];

  /**
   * One more authorizer, which has a name of its own, and a cache of its own where that is given.
   * @param id names it on its API: `<id of the sessions><id>`.
   * @param cache instead of that of the sessions; `"none"`: the function is asked each time.
   * @throws SettingError for a cache that cannot be right.
   */
  createAuthorizer(id: string, cache?: AuthorizerCache | "none"): IHttpRouteAuthorizer;

  /**
   * The same for methods of one REST API, as `authorizer` of a method or of the API's
   * `defaultMethodOptions`. The method's function finds `userId`, `sessionId`, `isAdmin` and `permissions`
   * as text in `event.requestContext.authorizer`; `permissions` is a JSON array. Not live is 403, and
   * `$context.authorizer.code` says why to the API's gateway response.
   * @param id names it on its API: `<id of the sessions><id>`.
   * @throws SettingError for a cache that cannot be right.
   */
  createRestAuthorizer(id: string, options?: RestAuthorizerOptions): RequestAuthorizer;

  /**
   * The same for `$connect` of a WebSocket API. Browsers send the cookie with a handshake and can send no
   * header: a cookie counts only from the API's own origin or one of the setting `allowedOrigins`. API
   * Gateway asks once; a session that ends later closes no socket.
   */
  createWebSocketAuthorizer(id: string): IWebSocketRouteAuthorizer;

  /**
   * Puts the same routes on a REST API of your own. CORS preflight, throttling, API keys, logs and domain
   * stay the API's; the functions add the CORS headers of `allowedOrigins` to their answers, since a REST
   * API adds none.
   * @param under a resource for the routes, such as `/auth`.
   * @default the API's root
   */
  addRestRoutes(restApi: RestApi | IRestApi, under?: IResource): void;

  /**
   * Limits how many requests a second our routes take at a stage of an HTTP API, each route on its own. Call
   * it after {@link addRoutes}.
   * @throws SettingError for a limit that cannot be right, and for a stage of an API without our routes.
   */
  throttleRoutes(stage: HttpStage | IHttpStage, throttle?: SessionThrottle): void;

  /**
   * The same limits for a REST API: `new RestApi(this, "Api", { deployOptions: { methodOptions:
   * sessions.restMethodOptions() } })`.
   * @param under the path of the resource that the routes are under.
   * @default "/"
   */
  restMethodOptions(throttle?: SessionThrottle, under?: string): Record<string, MethodDeploymentOptions>;

  /**
   * Puts the routes of design section 6 on an HTTP API of your own, so that the cookie is that host's; on
   * several, where you call it for each. Throttling, logs and domain stay the API's, and so does CORS,
   * unless `allowedOrigins` has one that an HTTP API's CORS does not take (`capacitor://localhost`): then
   * leave the API's `corsPreflight` out, and the functions answer. The routes have no authorizer, whatever
   * the API's default is: the functions resolve the caller themselves.
   */
  addRoutes(httpApi: HttpApi | IHttpApi): void;

  /**
   * Lets code of your own check sessions by the guard (`serverless-single-session/guard`): sets the
   * function's environment, and allows its role to read sessions and to record their activity, nothing else.
   * An alias or a version stands for its function.
   * @throws SettingError for an imported function, and for one that other sessions protect.
   */
  protect(lambda: ProtectedFunction): void;

  /** The environment that {@link protect} sets, for what is no Lambda function: a container, say. */
  readonly guardEnvironment: Record<string, string>;

  /** Grants what {@link protect} grants, to a role of anything: a container's task role, say. */
  grantGuard(grantee: IGrantable): Grant;

  /**
   * What a guard needs to know of the settings, as JSON: the attribute of that name of imported sessions.
   */
  readonly guardSettings: string;

  /**
   * Lets a backend that authenticates users itself invoke the login function: it signs in whomever it names.
   */
  grantInvokeLogin(grantee: IGrantable): Grant;

  /** Lets an operator, a backend or an EventBridge target's role log out anybody. */
  grantInvokeAdminLogout(grantee: IGrantable): Grant;
}
