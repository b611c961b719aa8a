import { Duration, Stack } from "aws-cdk-lib";
import { AuthorizationType, MockIntegration, RestApi } from "aws-cdk-lib/aws-apigateway";
import { WebSocketApi } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketMockIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { SettingError, SingleSession, type AuthorizerCache } from "../../infra/index.ts";
import { ACTIVITY_ROUTES, JOB_ROUTES, ROUTES } from "../../infra/routes.ts";
import { gatewayPermissionsOf, newApp, resourceOf, resourcesOf, WITHOUT_CODE } from "./support.ts";

const METHOD = "AWS::ApiGateway::Method";
const AUTHORIZER = "AWS::ApiGateway::Authorizer";
const PERMISSION = "AWS::Lambda::Permission";

interface Method {
  readonly HttpMethod: string;
  readonly AuthorizationType: string;
  readonly AuthorizerId?: unknown;
  readonly ResourceId: { readonly Ref?: string };
  readonly Integration: { readonly Type: string };
}

/** `GET /sessions/{id}` of each method, with its properties. */
function methodsOf(stack: Stack): Map<string, Method> {
  const resources = resourcesOf(stack, "AWS::ApiGateway::Resource");
  const pathOf = (id: string | undefined): string => {
    const { PathPart, ParentId } = (resources[id ?? ""]?.Properties ?? {}) as {
      PathPart?: string;
      ParentId?: { Ref?: string };
    };
    return PathPart === undefined ? "" : `${pathOf(ParentId?.Ref)}/${PathPart}`;
  };
  return new Map(
    Object.values(resourcesOf(stack, METHOD)).map(({ Properties }) => {
      const method = Properties as unknown as Method;
      return [`${method.HttpMethod} ${pathOf(method.ResourceId.Ref)}`, method];
    }),
  );
}

const CONTRACT = [...ROUTES, ...ACTIVITY_ROUTES, ...JOB_ROUTES].map(
  ({ method, path }) => `${method} ${path}`,
);

/** Somebody's own REST API, whose methods all need a live session unless they say otherwise. */
function restApp(cache?: AuthorizerCache): Stack {
  const stack = new Stack(newApp(WITHOUT_CODE), "Rest");
  const sessions = new SingleSession(stack, "Sessions");
  const authorizer = sessions.createRestAuthorizer("Rest", cache && { cache });
  const api = new RestApi(stack, "Api", {
    defaultMethodOptions: { authorizer, authorizationType: AuthorizationType.CUSTOM },
    defaultCorsPreflightOptions: { allowOrigins: ["https://app.example.com"], allowCredentials: true },
  });
  api.root.addResource("orders").addMethod("GET", new MockIntegration());
  sessions.addRestRoutes(api);
  return stack;
}

describe("a REST API", () => {
  const stack = restApp();
  const methods = methodsOf(stack);

  it("gets the routes of the HTTP contract, each a proxy, which its default authorizer does not cover", () => {
    for (const route of CONTRACT) {
      expect(methods.get(route), route).toMatchObject({
        AuthorizationType: "NONE",
        Integration: { Type: "AWS_PROXY" },
      });
      expect(methods.get(route)?.AuthorizerId, route).toBeUndefined();
    }
    expect(methods.get("GET /orders")).toMatchObject({
      AuthorizationType: "CUSTOM",
      AuthorizerId: { Ref: resourceOf(stack, AUTHORIZER).id },
    });
  });

  it("keeps its own answer to the preflight, also for our routes", () => {
    expect(methods.get("OPTIONS /login")).toMatchObject({ Integration: { Type: "MOCK" } });
  });

  it("may invoke each function for its route, and the authorizer's, and nothing else", () => {
    const permissions = gatewayPermissionsOf(stack);
    expect(permissions).toHaveLength(CONTRACT.length + 1);
    expect(JSON.stringify(permissions)).not.toContain("test-invoke-stage");
  });

  it("has its routes under a resource where that is asked for, beside what is there", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Nested");
    const api = new RestApi(own, "Api");
    const auth = api.root.addResource("auth");
    auth.addResource("session").addMethod("HEAD", new MockIntegration());
    new SingleSession(own, "Sessions").addRestRoutes(api, auth);
    const found = [...methodsOf(own).keys()];
    expect(found).toEqual(expect.arrayContaining(CONTRACT.map((route) => route.replace(" ", " /auth"))));
  });

  it("may lie in another stack than the construct, with its authorizer", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions = new SingleSession(new Stack(app, "Below"), "Sessions");
    const above = new Stack(app, "Above");
    const api = new RestApi(above, "Api");
    const authorizer = sessions.createRestAuthorizer("Rest", { scope: above });
    api.root.addMethod("GET", new MockIntegration(), { authorizer });
    sessions.addRestRoutes(api);
    expect(() => app.synth()).not.toThrow();
    expect(Object.keys(resourcesOf(above, PERMISSION))).toHaveLength(CONTRACT.length + 1);
  });

  it("has nothing of ours that cdk-nag finds", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Nag");
    const sessions = new SingleSession(own, "Sessions");
    sessions.addRestRoutes(new RestApi(own, "Api"));
    const { violations } = new AwsSolutionsChecks(own).validateScope(own);
    const ours = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources
        .map(({ constructPath = "" }) => constructPath)
        // The API's own account role, stage and validation are its owner's.
        .filter((path) => !/^Nag\/Api\/(Resource|DeploymentStage|CloudWatchRole)/.test(path))
        .map((path) => `${ruleName} ${path}`),
    );
    expect(ours).toEqual([]);
  });
});

describe("the authorizer of a REST API", () => {
  it("is asked every time, whatever the request carries", () => {
    const { Properties } = resourceOf(restApp(), AUTHORIZER);
    expect(Properties).toMatchObject({ Type: "REQUEST", AuthorizerResultTtlInSeconds: 0 });
    expect(Properties["IdentitySource"] ?? "").toBe("");
  });

  it("is cached by one source where that is asked for", () => {
    const cache = { ttl: Duration.seconds(30), identitySource: "$request.header.Cookie" } as const;
    expect(resourceOf(restApp(cache), AUTHORIZER).Properties).toMatchObject({
      IdentitySource: "method.request.header.Cookie",
      AuthorizerResultTtlInSeconds: 30,
    });
  });

  it("fails the synth for a cache that cannot be right", () => {
    const cache = { ttl: Duration.hours(2), identitySource: "$request.header.Cookie" } as const;
    expect(() => restApp(cache)).toThrow(SettingError);
  });
});

describe("the authorizer of a WebSocket API", () => {
  it("is asked at $connect, whatever the request carries", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions = new SingleSession(new Stack(app, "Below"), "Sessions");
    const above = new Stack(app, "Above");
    new WebSocketApi(above, "Socket", {
      connectRouteOptions: {
        authorizer: sessions.createWebSocketAuthorizer("Socket"),
        integration: new WebSocketMockIntegration("connect"),
      },
    });
    expect(() => app.synth()).not.toThrow();
    const { id, Properties } = resourceOf(above, "AWS::ApiGatewayV2::Authorizer");
    expect(Properties).toMatchObject({ AuthorizerType: "REQUEST" });
    expect(Properties["IdentitySource"] ?? []).toEqual([]);
    expect(resourceOf(above, "AWS::ApiGatewayV2::Route").Properties).toMatchObject({
      RouteKey: "$connect",
      AuthorizationType: "CUSTOM",
      AuthorizerId: { Ref: id },
    });
  });
});
