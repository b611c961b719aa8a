import { Duration, Stack } from "aws-cdk-lib";
import { CorsHttpMethod, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { describe, expect, it } from "vitest";
import {
  SettingError,
  SingleSession,
  type AuthorizerCache,
  type SingleSessionProps,
} from "../../infra/index.ts";
import { gatewayPermissionsOf, appStack, resourceOf, resourcesOf, WITHOUT_CODE, newApp } from "./support.ts";

const ROUTE = "AWS::ApiGatewayV2::Route";
const AUTHORIZER = "AWS::ApiGatewayV2::Authorizer";
const CONTRACT = {
  "POST /login": "login",
  "POST /logout": "logout",
  "GET /session": "validate",
  "GET /sessions": "list-sessions",
  "DELETE /sessions": "end-session",
  "DELETE /sessions/{id}": "end-session",
  "DELETE /admin/sessions/{id}": "end-session",
  "POST /admin/logout": "admin-logout",
  "GET /admin/sessions": "list-sessions",
  "GET /admin/endings": "list-sessions",
  "GET /admin/overview": "activity",
  "GET /admin/suspects": "activity",
  "GET /admin/activity": "activity",
  "GET /sessions/activity": "activity",
  "POST /admin/jobs": "jobs",
  "GET /admin/jobs": "jobs",
  "GET /admin/jobs/{id}": "jobs",
  "POST /admin/jobs/{id}/runs": "jobs",
};

interface RouteProperties {
  readonly RouteKey: string;
  readonly Target: { readonly "Fn::Join": [string, [string, { readonly Ref: string }]] };
  readonly AuthorizationType: string;
  readonly AuthorizerId?: { readonly Ref: string };
}

const routesOf = (stack: Stack): RouteProperties[] =>
  Object.values(resourcesOf(stack, ROUTE)).map(({ Properties }) => Properties as unknown as RouteProperties);

/** The id of the function that a route's integration names. */
function functionOf(stack: Stack, route: RouteProperties): unknown {
  const integration = resourcesOf(stack, "AWS::ApiGatewayV2::Integration")[
    route.Target["Fn::Join"][1][1].Ref
  ];
  expect(integration?.Properties["PayloadFormatVersion"]).toBe("2.0");
  const uri = integration?.Properties["IntegrationUri"] as { "Fn::GetAtt": [string] };
  const { Environment } = resourcesOf(stack, "AWS::Lambda::Function")[uri["Fn::GetAtt"][0]]?.Properties as {
    Environment: { Variables: Record<string, unknown> };
  };
  return Environment.Variables["POWERTOOLS_SERVICE_NAME"];
}

/** Somebody's own app: an HTTP API with CORS of its own and one route that needs a live session. */
function ownApp(props: SingleSessionProps = {}): Stack {
  const stack = new Stack(newApp(WITHOUT_CODE), "Shop");
  const orders = new LambdaFunction(stack, "Orders", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline("exports.handler = async () => ({ statusCode: 200 })"),
  });
  const sessions = new SingleSession(stack, "Sessions", props);
  const httpApi = new HttpApi(stack, "ShopApi", {
    corsPreflight: { allowOrigins: ["https://shop.example.com"], allowMethods: [CorsHttpMethod.GET] },
    defaultAuthorizer: sessions.authorizer,
  });
  httpApi.addRoutes({
    path: "/orders",
    methods: [HttpMethod.GET],
    integration: new HttpLambdaIntegration("orders", orders),
  });
  sessions.addRoutes(httpApi);
  return stack;
}

describe("the app's API", () => {
  const stack = appStack();

  it("has the routes of the HTTP contract, each answered by its function, without an authorizer", () => {
    const routes = routesOf(stack);
    expect(Object.fromEntries(routes.map((route) => [route.RouteKey, functionOf(stack, route)]))).toEqual(
      CONTRACT,
    );
    expect(new Set(routes.map((route) => route.AuthorizationType))).toEqual(new Set(["NONE"]));
  });

  it("lets API Gateway invoke the routes' functions and nothing else", () => {
    const permitted = gatewayPermissionsOf(stack).map(
      ({ Properties }) => (Properties["FunctionName"] as { "Fn::GetAtt": [string] })["Fn::GetAtt"][0],
    );
    expect(permitted).toHaveLength(Object.keys(CONTRACT).length);
    expect(permitted).not.toContain(resourceOf(stack, "AWS::Lambda::Function", "Sessionsauthorize").id);
  });

  it("writes JSON access logs without any header", () => {
    const { Properties } = resourceOf(stack, "AWS::ApiGatewayV2::Stage");
    expect(Properties).toMatchObject({
      StageName: "$default",
      AutoDeploy: true,
    });
    const { Format, DestinationArn } = Properties["AccessLogSettings"] as {
      Format: string;
      DestinationArn: { "Fn::GetAtt": [string] };
    };
    const fields = Object.values(JSON.parse(Format) as Record<string, string>);
    expect(fields).toContain("$context.requestId");
    expect(Format).not.toMatch(/header|cookie|authori/i);
    const log = resourcesOf(stack, "AWS::Logs::LogGroup")[DestinationArn["Fn::GetAtt"][0]];
    expect(log?.Properties["RetentionInDays"]).toBe(90);
  });

  it("has no CORS where no other origin is allowed", () => {
    expect(resourceOf(stack, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]).toBeUndefined();
  });

  it("has CORS with credentials for exactly the allowed origins", () => {
    const origins = ["https://app.example.com", "http://localhost:5173"];
    const api = resourceOf(appStack({}, { allowedOrigins: origins }), "AWS::ApiGatewayV2::Api");
    expect(api.Properties["CorsConfiguration"]).toMatchObject({
      AllowOrigins: origins,
      AllowCredentials: true,
      AllowMethods: ["GET", "POST", "DELETE"],
      AllowHeaders: ["authorization", "content-type"],
    });
  });
});

describe("somebody's own API", () => {
  const stack = ownApp();

  it("gets the routes beside its own, which the authorizer protects", () => {
    const routes = Object.fromEntries(routesOf(stack).map((route) => [route.RouteKey, route]));
    expect(Object.keys(routes).sort()).toEqual([...Object.keys(CONTRACT), "GET /orders"].sort());
    expect(routes["GET /orders"]).toMatchObject({
      AuthorizationType: "CUSTOM",
      AuthorizerId: { Ref: resourceOf(stack, AUTHORIZER).id },
    });
  });

  it("does not put its default authorizer before our routes", () => {
    for (const route of routesOf(stack).filter(({ RouteKey }) => RouteKey in CONTRACT)) {
      expect(route.AuthorizationType).toBe("NONE");
      expect(route.AuthorizerId).toBeUndefined();
    }
  });

  it("keeps its own CORS", () => {
    expect(resourceOf(stack, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]).toEqual({
      AllowOrigins: ["https://shop.example.com"],
      AllowMethods: ["GET"],
    });
  });

  it("may lie in another stack than the construct", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions = new SingleSession(new Stack(app, "Below"), "Sessions");
    const above = new Stack(app, "Above");
    const httpApi = new HttpApi(above, "Api", { defaultAuthorizer: sessions.authorizer });
    sessions.addRoutes(httpApi);
    expect(() => app.synth()).not.toThrow();
    expect(routesOf(above)).toHaveLength(Object.keys(CONTRACT).length);
  });

  it("may be an imported one", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Importing");
    const sessions = new SingleSession(stack, "Sessions");
    sessions.addRoutes(HttpApi.fromHttpApiAttributes(stack, "Theirs", { httpApiId: "abc123" }));
    expect(routesOf(stack)).toHaveLength(Object.keys(CONTRACT).length);
  });

  it("may use the authorizers of two constructs", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Two");
    const httpApi = new HttpApi(stack, "Api");
    for (const id of ["Customers", "Staff"]) {
      const sessions = new SingleSession(stack, id);
      const integration = new HttpLambdaIntegration(id, sessions.validateFunction);
      httpApi.addRoutes({ path: `/${id}`, integration, authorizer: sessions.authorizer });
    }
    expect(Object.keys(resourcesOf(stack, AUTHORIZER))).toHaveLength(2);
  });
});

describe("the authorizer", () => {
  it("is asked every time, whatever the request carries", () => {
    const { Properties } = resourceOf(ownApp(), AUTHORIZER);
    expect(Properties).toMatchObject({
      AuthorizerType: "REQUEST",
      AuthorizerPayloadFormatVersion: "2.0",
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 0,
    });
    expect(Properties["IdentitySource"] ?? []).toEqual([]);
  });

  it("is cached by one source where that is asked for", () => {
    const cache: AuthorizerCache = { ttl: Duration.seconds(30), identitySource: "$request.header.Cookie" };
    expect(resourceOf(ownApp({ authorizerCache: cache }), AUTHORIZER).Properties).toMatchObject({
      IdentitySource: ["$request.header.Cookie"],
      AuthorizerResultTtlInSeconds: 30,
    });
  });

  const ttl = Duration.seconds(30);
  const identitySource = "$request.header.Cookie";
  it.each<[unknown, string]>([
    [{ ttl }, "authorizerCache.identitySource (prop) is undefined"],
    [{ ttl, identitySource: [] }, "authorizerCache.identitySource (prop) is []"],
    [
      { ttl, identitySource: ["$request.header.Authorization", "$request.header.Cookie"] },
      "Accepted: exactly one of $request.header.Authorization, $request.header.Cookie.",
    ],
    [{ ttl, identitySource: "$request.querystring.token" }, 'is "$request.querystring.token"'],
    [{ identitySource }, "authorizerCache.ttl (prop) is undefined"],
    [{ ttl: 30, identitySource }, "authorizerCache.ttl (prop) is 30"],
    [{ ttl: Duration.seconds(0), identitySource }, "Accepted: a Duration of whole seconds, from 1 to 3600."],
    [{ ttl: Duration.hours(2), identitySource }, "authorizerCache.ttl (prop) is Duration.hours(2)"],
  ])("fails the synth for a cache that cannot be right: %j", (authorizerCache, message) => {
    const make = () => ownApp({ authorizerCache: authorizerCache as AuthorizerCache });
    expect(make).toThrow(SettingError);
    expect(make).toThrow(message);
  });
});
