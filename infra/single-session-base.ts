import type { HttpApi, IHttpApi, IHttpRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { createAuthorizer, type AuthorizerCache } from "./authorizer.ts";
import { LOGIN_OIDC } from "./functions.ts";
import { addSessionRoutes, LOGIN_OIDC_ROUTES, ROUTES, type InvokedFunctions } from "./routes.ts";
import type { ISingleSession } from "./single-session-interface.ts";

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

  /** What authorizers cache unless told otherwise. */
  protected abstract readonly authorizerCache: AuthorizerCache | undefined;
  #authorizer?: IHttpRouteAuthorizer;

  get authorizer(): IHttpRouteAuthorizer {
    return (this.#authorizer ??= this.createAuthorizer("Authorizer"));
  }

  get paths(): readonly string[] {
    const routes = this.loginOidcFunction ? [...ROUTES, ...LOGIN_OIDC_ROUTES] : ROUTES;
    return [...new Set(routes.map(({ path }) => path))];
  }

  createAuthorizer(id: string, cache?: AuthorizerCache | "none"): IHttpRouteAuthorizer {
    const cached = cache === "none" ? undefined : (cache ?? this.authorizerCache);
    return createAuthorizer(`${this.node.id}${id}`, this.authorizeFunction, cached);
  }

  addRoutes(httpApi: HttpApi | IHttpApi): void {
    addSessionRoutes(this, httpApi, functionsOf(this));
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
  const { loginOidcFunction } = sessions;
  return {
    login: sessions.loginFunction,
    logout: sessions.logoutFunction,
    validate: sessions.validateFunction,
    "admin-logout": sessions.adminLogoutFunction,
    "list-sessions": sessions.listSessionsFunction,
    "end-session": sessions.endSessionFunction,
    ...(loginOidcFunction && { [LOGIN_OIDC]: loginOidcFunction }),
  };
}
