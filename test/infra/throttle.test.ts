import { Lazy, Stack } from "aws-cdk-lib";
import { MockIntegration, RestApi } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpStage, type CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { describe, expect, it } from "vitest";
import { DEFAULT_THROTTLE, SettingError, SingleSession, type SessionThrottle } from "../../infra/index.ts";
import { ALL_ROUTES } from "../../infra/routes.ts";
import { appStack, newApp, resourceOf, resourcesOf, WITHOUT_CODE } from "./support.ts";

const STAGE = "AWS::ApiGatewayV2::Stage";
/**
 * How often a visible page asks (`client/watch-session.ts`), and how many pages the defaults are to hold for.
 */
const SECONDS_BETWEEN_QUESTIONS = 3;
const PAGES = 10_000;
/** API Gateway's and Lambda's own defaults for an account and Region. */
const ACCOUNT = { requestsPerSecond: 10_000, burst: 5000, concurrentFunctions: 1000 };

const identity = [
  {
    oidc: {
      name: "corp",
      issuer: "https://id.example.com",
      jwksUri: "https://id.example.com/k",
      clientId: "a",
    },
  },
];
const limit = ({ rateLimit, burstLimit }: SessionThrottle["login"] & object) => ({
  ThrottlingRateLimit: rateLimit,
  ThrottlingBurstLimit: burstLimit,
});

describe("the app's stage", () => {
  const stack = appStack({ sessions: { identity } });
  const stage = Object.values(resourcesOf(stack, STAGE))[0] as unknown as {
    Properties: Record<string, Record<string, object>>;
    DependsOn: string[];
  };

  it("limits each route on its own, so that pages that ask for their session leave logins alone", () => {
    const { login, session, others } = DEFAULT_THROTTLE;
    const expected = ALL_ROUTES.map(({ method, path }) => [
      `${method} ${path}`,
      limit(path === "/session" ? session : path.startsWith("/login") ? login : others),
    ]);
    expect(stage.Properties["RouteSettings"]).toEqual(Object.fromEntries(expected));
    expect(stage.Properties["RouteSettings"]?.["GET /login/oidc/callback"]).toEqual(limit(login));
  });

  it("has the limit of other routes for routes of one's own", () => {
    expect(stage.Properties["DefaultRouteSettings"]).toEqual(limit(DEFAULT_THROTTLE.others));
  });

  it("is made after its routes, whose settings API Gateway would refuse before", () => {
    const routes = Object.keys(resourcesOf(stack, "AWS::ApiGatewayV2::Route"));
    expect(stage.DependsOn).toEqual(expect.arrayContaining(routes));
  });

  it("takes other limits, of which the rest stay", () => {
    const throttled = appStack({ throttle: { login: { rateLimit: 5, burstLimit: 9 } } });
    expect(resourceOf(throttled, STAGE).Properties["RouteSettings"]).toMatchObject({
      "POST /login": limit({ rateLimit: 5, burstLimit: 9 }),
      "GET /session": limit(DEFAULT_THROTTLE.session),
    });
  });
});

describe("the default limits", () => {
  it(`hold for ${PAGES} visible pages`, () => {
    expect(DEFAULT_THROTTLE.session.rateLimit).toBeGreaterThan(PAGES / SECONDS_BETWEEN_QUESTIONS);
  });

  it("are within what an account gets", () => {
    const all = Object.values(DEFAULT_THROTTLE);
    for (const { burstLimit } of all) expect(burstLimit).toBeLessThanOrEqual(ACCOUNT.burst);
    const sum = all.reduce((requests, { rateLimit }) => requests + rateLimit, 0);
    expect(sum).toBeLessThan(ACCOUNT.requestsPerSecond);
  });

  it("leave most of the account's functions to others while somebody floods the logins", () => {
    // 250 ms: what docs/design/cost.md takes for a login.
    const busy = Math.max(DEFAULT_THROTTLE.login.rateLimit * 0.25, DEFAULT_THROTTLE.login.burstLimit);
    expect(busy).toBeLessThanOrEqual(ACCOUNT.concurrentFunctions / 10);
  });
});

describe("somebody's own API", () => {
  it("takes the limits at a stage of its own, beside those it has", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Own");
    const sessions = new SingleSession(stack, "Sessions");
    const httpApi = new HttpApi(stack, "Api", { createDefaultStage: false });
    sessions.addRoutes(httpApi);
    const stage = new HttpStage(stack, "Stage", { httpApi, stageName: "live", throttle: { rateLimit: 7 } });
    (stage.node.defaultChild as CfnStage).routeSettings = { "GET /mine": { ThrottlingRateLimit: 1 } };
    sessions.throttleRoutes(stage);
    expect(resourceOf(stack, STAGE).Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 7 },
      RouteSettings: {
        "GET /mine": { ThrottlingRateLimit: 1 },
        "POST /login": limit(DEFAULT_THROTTLE.login),
      },
    });
  });

  it("is refused where it has none of our routes", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Own");
    const httpApi = new HttpApi(stack, "Api");
    const sessions = new SingleSession(stack, "Sessions");
    const stage = httpApi.defaultStage as HttpStage;
    expect(() => sessions.throttleRoutes(stage)).toThrow(SettingError);
    expect(() => sessions.throttleRoutes(stage)).toThrow("an API that addRoutes was called with");
  });

  it("is refused at a stage that another app made", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Own");
    const api = new HttpApi(stack, "Api");
    const sessions = new SingleSession(stack, "Sessions");
    sessions.addRoutes(api);
    const stage = HttpStage.fromHttpStageAttributes(stack, "Theirs", {
      api: HttpApi.fromHttpApiAttributes(stack, "TheirApi", { httpApiId: "a1" }),
      stageName: "live",
    });
    expect(() => sessions.throttleRoutes(stage)).toThrow(SettingError);
    expect(() => sessions.throttleRoutes(stage)).toThrow("the stage Own/Theirs is imported");
  });

  it("takes them as a REST API, also for routes under a resource", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Rest");
    const sessions = new SingleSession(stack, "Sessions");
    const methodOptions = sessions.restMethodOptions({ login: { rateLimit: 5, burstLimit: 9 } }, "/auth/");
    const api = new RestApi(stack, "Api", { deployOptions: { methodOptions } });
    api.root.addMethod("GET", new MockIntegration());
    const { MethodSettings } = resourceOf(stack, "AWS::ApiGateway::Stage").Properties;
    expect(MethodSettings).toContainEqual(
      expect.objectContaining({
        HttpMethod: "POST",
        ResourcePath: "/~1auth~1login",
        ThrottlingRateLimit: 5,
        ThrottlingBurstLimit: 9,
      }),
    );
    expect(MethodSettings).toContainEqual(
      expect.objectContaining({
        HttpMethod: "GET",
        ResourcePath: "/~1auth~1session",
        ThrottlingRateLimit: 4000,
      }),
    );
  });
});

describe("limits that cannot be right fail the synth", () => {
  it.each<[unknown, string]>([
    [{ rateLimit: 5 }, "throttle.rateLimit (prop) is not a setting. Accepted: login, session, others."],
    [{ login: { rateLimit: 5 } }, "throttle.login.burstLimit (prop) is undefined"],
    [
      { login: { rateLimit: 0, burstLimit: 1 } },
      "throttle.login.rateLimit (prop) is 0. Accepted: a whole number",
    ],
    [{ session: { rateLimit: 1.5, burstLimit: 1 } }, "throttle.session.rateLimit (prop) is 1.5"],
    [{ others: { rateLimit: 1, burstLimit: 1, rate: 1 } }, "throttle.others.rate (prop) is not a setting"],
    [{ session: 5 }, "throttle.session (prop) is 5. Accepted: an object of rateLimit, burstLimit."],
    ["5", 'throttle (prop) is "5". Accepted: an object of login, session, others.'],
    [
      { login: { rateLimit: Lazy.number({ produce: () => 1 }), burstLimit: 1 } },
      "is known only at deployment",
    ],
  ])("%j", (throttle, message) => {
    const make = () => appStack({ throttle: throttle as SessionThrottle });
    expect(make).toThrow(SettingError);
    expect(make).toThrow(message);
  });
});
