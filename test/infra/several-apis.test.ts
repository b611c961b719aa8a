import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { App, Duration, Fn, Stack } from "aws-cdk-lib";
import { HttpApi, type IHttpRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpUrlIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Effect, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import {
  SettingError,
  SingleSession,
  type ISingleSession,
  type SingleSessionAttributes,
} from "../../infra/index.ts";
import { ACTIVITY_ROUTES, JOB_ROUTES, ROUTES } from "../../infra/routes.ts";
import { gatewayPermissionsOf, newApp, resourcesOf, WITHOUT_CODE } from "./support.ts";

const AUTHORIZER = "AWS::ApiGatewayV2::Authorizer";
const ROUTE = "AWS::ApiGatewayV2::Route";
const PERMISSION = "AWS::Lambda::Permission";
const REGION = "eu-central-1";
const ACCOUNT = "111122223333";

const functionArn = (name: string, account = ACCOUNT): string =>
  `arn:aws:lambda:${REGION}:${account}:function:${name}`;
const tableArn = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;

const ARNS = {
  authorizeFunctionArn: functionArn("authorize"),
  loginFunctionArn: functionArn("login"),
  logoutFunctionArn: functionArn("logout"),
  validateFunctionArn: functionArn("validate"),
  adminLogoutFunctionArn: functionArn("admin-logout"),
  listSessionsFunctionArn: functionArn("list-sessions"),
  endSessionFunctionArn: functionArn("end-session"),
} as const satisfies SingleSessionAttributes;

const protect = (httpApi: HttpApi, path: string, authorizer: IHttpRouteAuthorizer): unknown =>
  httpApi.addRoutes({ path, integration: new HttpUrlIntegration(path, "https://a.example"), authorizer });

/** The ids of the APIs that a stack's authorizers belong to. */
const apisOf = (stack: Stack): unknown[] =>
  Object.values(resourcesOf(stack, AUTHORIZER)).map(({ Properties }) => Properties["ApiId"]);

const importedIn = (attributes: SingleSessionAttributes, env = { account: ACCOUNT, region: REGION }) => {
  const stack = new Stack(new App({ context: WITHOUT_CODE }), "Other", { env });
  return { stack, sessions: SingleSession.fromAttributes(stack, "Sessions", attributes) };
};

describe("several HTTP APIs", () => {
  it("may use the one authorizer, which is then an authorizer of each", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Shop");
    const { authorizer } = new SingleSession(stack, "Sessions");
    for (const id of ["First", "Second"]) {
      const api = new HttpApi(stack, id, { defaultAuthorizer: authorizer });
      protect(api, "/orders", authorizer);
      protect(api, "/reports", authorizer);
    }
    const apis = apisOf(stack);
    expect(apis).toHaveLength(2);
    expect(new Set(apis.map((api) => JSON.stringify(api))).size).toBe(2);
    expect(gatewayPermissionsOf(stack)).toHaveLength(2);
  });

  it("may have authorizers by other names on one API, with caches of their own", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Shop");
    const authorizerCache = {
      ttl: Duration.seconds(9),
      identitySource: "$request.header.Cookie",
    } as const;
    const sessions = new SingleSession(stack, "Sessions", { authorizerCache });
    const api = new HttpApi(stack, "Api");
    protect(api, "/a", sessions.authorizer);
    protect(api, "/b", sessions.createAuthorizer("Exact", "none"));
    protect(api, "/c", sessions.createAuthorizer("Slow", { ...authorizerCache, ttl: Duration.seconds(99) }));
    const made = Object.values(resourcesOf(stack, AUTHORIZER)).map(({ Properties }) => [
      Properties["Name"],
      Properties["AuthorizerResultTtlInSeconds"],
    ]);
    expect(Object.fromEntries(made)).toEqual({
      SessionsAuthorizer: 9,
      SessionsExact: 0,
      SessionsSlow: 99,
    });
    expect(() => sessions.createAuthorizer("Wrong", { ...authorizerCache, ttl: Duration.days(1) })).toThrow(
      SettingError,
    );
  });

  it("may each have the routes, imported ones too", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Shop");
    const sessions = new SingleSession(stack, "Sessions");
    for (const id of ["First", "Second"]) sessions.addRoutes(new HttpApi(stack, id));
    for (const httpApiId of ["abc", "def"])
      sessions.addRoutes(HttpApi.fromHttpApiAttributes(stack, httpApiId, { httpApiId }));
    const byApi = Object.groupBy(Object.values(resourcesOf(stack, ROUTE)), ({ Properties }) =>
      JSON.stringify(Properties["ApiId"]),
    );
    expect(Object.values(byApi).map((routes) => routes?.length)).toEqual(
      [1, 2, 3, 4].map(() => ROUTES.length + ACTIVITY_ROUTES.length + JOB_ROUTES.length),
    );
  });

  it("may lie in stacks of their own, which need that of the sessions and not it them", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions: ISingleSession = new SingleSession(new Stack(app, "Below"), "Sessions");
    for (const id of ["East", "West"]) {
      const api = new HttpApi(new Stack(app, id), "Api");
      sessions.addRoutes(api);
      protect(api, "/orders", sessions.authorizer);
      protect(api, "/reports", sessions.createAuthorizer("Reports"));
    }
    const dependencies = app
      .synth()
      .stacks.map(({ stackName, dependencies }) => [
        stackName,
        dependencies.map(({ id }) => id).filter((id) => !id.includes(".assets")),
      ]);
    expect(Object.fromEntries(dependencies)).toEqual({ Below: [], East: ["Below"], West: ["Below"] });
  });
});

describe("imported sessions", () => {
  it("protect routes of another app's API by the authorize function alone, which that API may invoke", () => {
    const { stack, sessions } = importedIn({ authorizeFunctionArn: ARNS.authorizeFunctionArn });
    const api = new HttpApi(stack, "Api");
    protect(api, "/orders", sessions.authorizer);
    protect(api, "/reports", sessions.createAuthorizer("Reports"));
    expect(apisOf(stack)).toHaveLength(2);
    const permitted = Object.values(resourcesOf(stack, PERMISSION));
    expect(permitted.map(({ Properties }) => Properties["FunctionName"])).toEqual([
      ARNS.authorizeFunctionArn,
      ARNS.authorizeFunctionArn,
    ]);
  });

  it.each([[undefined], [functionArn("login-oidc")]])(
    "give another API all routes (code flow: %s)",
    (oidc) => {
      const { stack, sessions } = importedIn({ ...ARNS, ...(oidc && { loginOidcFunctionArn: oidc }) });
      sessions.addRoutes(new HttpApi(stack, "Api"));
      expect(Object.keys(resourcesOf(stack, ROUTE))).toHaveLength(oidc ? ROUTES.length + 2 : ROUTES.length);
      expect(Object.keys(resourcesOf(stack, PERMISSION))).toHaveLength(
        oidc ? ROUTES.length + 2 : ROUTES.length,
      );
      expect(sessions.paths.includes("/login/oidc")).toBe(oidc !== undefined);
    },
  );

  it("take an ARN that is known only at deployment, as an export gives it", () => {
    const { stack, sessions } = importedIn({ authorizeFunctionArn: Fn.importValue("Authorize") });
    protect(new HttpApi(stack, "Api"), "/orders", sessions.authorizer);
    expect(Object.values(resourcesOf(stack, PERMISSION))[0]?.Properties["FunctionName"]).toEqual({
      "Fn::ImportValue": "Authorize",
    });
  });

  it("warn where another account's function must be permitted there", () => {
    const { stack, sessions } = importedIn({ authorizeFunctionArn: functionArn("a", "999999999999") });
    protect(new HttpApi(stack, "Api"), "/orders", sessions.authorizer);
    expect(resourcesOf(stack, PERMISSION)).toEqual({});
    Annotations.fromStack(stack).hasWarning("*", Match.stringLikeRegexp("addPermission\\(\\) has no effect"));
  });

  it("can be granted: the login, the administrators' logout, and the tables with their indexes", () => {
    const { stack, sessions } = importedIn({
      ...ARNS,
      sessionsTableArn: tableArn("sessions"),
      usersTableArn: tableArn("users"),
    });
    const role = new Role(stack, "Backend", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    sessions.grantInvokeLogin(role);
    sessions.grantInvokeAdminLogout(role);
    sessions.sessionsTable.grantReadData(role);
    Template.fromStack(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith(
          [ARNS.loginFunctionArn, ARNS.adminLogoutFunctionArn].map((arn) =>
            Match.objectLike({
              Action: "lambda:InvokeFunction",
              Effect: Effect.ALLOW,
              Resource: [arn, `${arn}:*`],
            }),
          ),
        ),
      },
    });
    expect(JSON.stringify(resourcesOf(stack, "AWS::IAM::Policy"))).toContain("table/sessions/index/*");
    expect(sessions.usersTable?.tableName).toBe("users");
    expect(sessions.signInTable).toBeUndefined();
  });

  it.each([
    [{ authorizeFunctionArn: "authorize" }, 'authorizeFunctionArn (prop) is "authorize"', "Lambda function"],
    [{ usersTableArn: functionArn("users") }, "usersTableArn (prop) is", "DynamoDB table"],
    [{ loginArn: functionArn("login") }, "loginArn (prop) is not an attribute", "loginFunctionArn"],
  ])("are refused where an attribute cannot be right: %j", (attributes, subject, accepted) => {
    const make = () => importedIn(attributes as SingleSessionAttributes);
    expect(make).toThrow(SettingError);
    expect(make).toThrow(subject);
    expect(make).toThrow(accepted);
  });

  it("name the attribute that is needed and missing", () => {
    const { stack, sessions } = importedIn({ authorizeFunctionArn: ARNS.authorizeFunctionArn });
    const api = new HttpApi(stack, "Api");
    const act = () => sessions.addRoutes(api);
    expect(act).toThrow(SettingError);
    expect(act).toThrow("loginFunctionArn (prop) of the imported sessions Other/Sessions is not given");
  });
});
