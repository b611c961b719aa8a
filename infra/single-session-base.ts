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
import { Construct } from "constructs";
import { createAuthorizer, type AuthorizerCache } from "./authorizer.ts";
import { ACTIVITY, JOBS, LOGIN_OIDC } from "./function-ids.ts";
import {
  grantGuard,
  guardEnvironment,
  protectFunction,
  type GuardAccess,
  type ProtectedFunction,
} from "./guard.ts";
import { addRestRoutes, createRestAuthorizer, createWebSocketAuthorizer } from "./rest-api.ts";
import {
  ACTIVITY_ROUTES,
  addSessionRoutes,
  findRoute,
  JOB_ROUTES,
  LOGIN_OIDC_ROUTES,
  ROUTES,
  routesOf,
  type InvokedFunctions,
} from "./routes.ts";
import { SettingError } from "./settings/setting-error.ts";
import type { ISingleSession, RestAuthorizerOptions } from "./single-session-interface.ts";
import { readThrottle, restMethodOptions, throttleStage, type SessionThrottle } from "./throttle.ts";

/** What sessions made here and imported ones have in common: all of it follows from their functions. */
export abstract class SingleSessionBase extends Construct implements ISingleSession {
  abstract readonly sessionsTable: Table | ITable;
  abstract readonly usersTable?: Table | ITable | undefined;
  abstract readonly signInTable?: Table | ITable | undefined;
  abstract readonly loginFunction: IFunction;
  abstract readonly loginOidcFunction?: IFunction | undefined;
  abstract readonly logoutFunction: IFunction;
  abstract readonly validateFunction: IFunction;
  abstract readonly authorizeFunction: IFunction;
  abstract readonly adminLogoutFunction: IFunction;
  abstract readonly listSessionsFunction: IFunction;
  abstract readonly endSessionFunction: IFunction;
  abstract readonly activityFunction?: IFunction | undefined;
  abstract readonly jobsFunction?: IFunction | undefined;

  abstract readonly guardSettings: string;

  /** Whether callers may send a provider's access tokens, as far as that is known. */
  protected abstract readonly takesAccessTokens: boolean;

  /** What authorizers cache unless told otherwise. */
  protected abstract readonly authorizerCache: AuthorizerCache | undefined;
  #authorizer?: IHttpRouteAuthorizer;

  get authorizer(): IHttpRouteAuthorizer {
    return (this.#authorizer ??= this.createAuthorizer("Authorizer"));
  }

  get paths(): readonly string[] {
    const routes = [
      ...ROUTES,
      ...(this.loginOidcFunction ? LOGIN_OIDC_ROUTES : []),
      ...(this.activityFunction ? ACTIVITY_ROUTES : []),
      ...(this.jobsFunction ? JOB_ROUTES : []),
    ];
    return [...new Set(routes.map(({ path }) => path))];
  }

  createAuthorizer(id: string, cache?: AuthorizerCache | "none"): IHttpRouteAuthorizer {
    return createAuthorizer(`${this.node.id}${id}`, this.authorizeFunction, this.#cache(cache));
  }

  createRestAuthorizer(id: string, { scope = this, cache }: RestAuthorizerOptions = {}): RequestAuthorizer {
    const name = `${this.node.id}${id}`;
    return createRestAuthorizer(scope, name, this.authorizeFunction, this.#cache(cache));
  }

  createWebSocketAuthorizer(id: string): IWebSocketRouteAuthorizer {
    return createWebSocketAuthorizer(`${this.node.id}${id}`, this.authorizeFunction);
  }

  #cache(cache: AuthorizerCache | "none" | undefined): AuthorizerCache | undefined {
    return cache === "none" ? undefined : (cache ?? this.authorizerCache);
  }

  addRoutes(httpApi: HttpApi | IHttpApi): void {
    addSessionRoutes(this, httpApi, functionsOf(this));
  }

  addRestRoutes(restApi: RestApi | IRestApi, under?: IResource): void {
    addRestRoutes(under ?? restApi.root, routesOf(functionsOf(this)));
  }

  throttleRoutes(stage: HttpStage | IHttpStage, throttle?: SessionThrottle): void {
    const limits = readThrottle(throttle);
    if (stage.node.defaultChild === undefined)
      throw new SettingError(
        `the stage ${stage.node.path} is imported, and its limits belong to who made it`,
        "a stage that this app makes",
      );
    const httpStage = stage as HttpStage;
    const routes = routesOf(functionsOf(this)).map((route) => {
      const construct = findRoute(this, httpStage.api, route);
      if (construct) return { ...route, construct };
      throw new SettingError(
        `the stage ${httpStage.node.path} is of an API that has no routes of ${this.node.path}`,
        "a stage of an API that addRoutes was called with",
      );
    });
    throttleStage(httpStage, routes, limits);
  }

  restMethodOptions(throttle?: SessionThrottle, under = "/"): Record<string, MethodDeploymentOptions> {
    return restMethodOptions(routesOf(functionsOf(this)), readThrottle(throttle), under);
  }

  protect(lambda: ProtectedFunction): void {
    protectFunction(this, lambda, this.#guardAccess());
  }

  get guardEnvironment(): Record<string, string> {
    return guardEnvironment(this.#guardAccess());
  }

  grantGuard(grantee: IGrantable): Grant {
    return grantGuard(this, grantee, this.#guardAccess());
  }

  #guardAccess(): GuardAccess {
    const signInTable = this.takesAccessTokens ? this.signInTable : undefined;
    return { table: this.sessionsTable, signInTable, settings: this.guardSettings };
  }

  grantInvokeLogin(grantee: IGrantable): Grant {
    return this.loginFunction.grantInvoke(grantee);
  }

  grantInvokeAdminLogout(grantee: IGrantable): Grant {
    return this.adminLogoutFunction.grantInvoke(grantee);
  }
}

/** The functions that routes invoke. @throws SettingError for imported sessions that lack one. */
export function functionsOf(sessions: ISingleSession): InvokedFunctions {
  const { loginOidcFunction, activityFunction, jobsFunction } = sessions;
  return {
    login: sessions.loginFunction,
    logout: sessions.logoutFunction,
    validate: sessions.validateFunction,
    "admin-logout": sessions.adminLogoutFunction,
    "list-sessions": sessions.listSessionsFunction,
    "end-session": sessions.endSessionFunction,
    ...(loginOidcFunction && { [LOGIN_OIDC]: loginOidcFunction }),
    ...(activityFunction && { [ACTIVITY]: activityFunction }),
    ...(jobsFunction && { [JOBS]: jobsFunction }),
  };
}
