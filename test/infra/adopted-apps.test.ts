import { App, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack } from "aws-cdk-lib";
import { RestApi } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Key } from "aws-cdk-lib/aws-kms";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { SingleSession, SingleSessionConsole, type SingleSessionProps } from "../../infra/index.ts";
import { newApp, resourcesOf, WITHOUT_CODE } from "./support.ts";

/** What shows in the app of somebody else: in a nested stack, with lookups, beside what is there already. */

const ENV = { account: "111122223333", region: "eu-central-1" } as const;

function newStack(): Stack {
  return new Stack(newApp(WITHOUT_CODE), "Shop", { env: ENV });
}

const synth = ({ node }: Stack) => (node.root as unknown as Pick<App, "synth">).synth();

describe("where the API answers, which operators' commands are told", () => {
  const told = (stack: Stack): string =>
    Object.entries(Template.fromStack(stack).findOutputs("*"))
      .filter(([id]) => id.includes("Operators"))
      .map(([, output]) => JSON.stringify(output))
      .join();
  const withApi = (make: (stack: Stack) => HttpApi): string => {
    const stack = newStack();
    new SingleSession(stack, "Sessions").addRoutes(make(stack));
    return told(stack);
  };

  it("is its own host, of a REST API with its stage and the path that the routes are under", () => {
    expect(withApi((stack) => new HttpApi(stack, "Api"))).toMatch(
      /apiUrl.*"Fn::GetAtt":\["Api\w+","ApiEndpoint"\]/,
    );
    const stack = newStack();
    const api = new RestApi(stack, "Api");
    new SingleSession(stack, "Sessions").addRestRoutes(api, api.root.addResource("auth"));
    expect(told(stack)).toMatch(/apiUrl.*\.execute-api\..*"Ref":"ApiDeploymentStageprod\w+"\},"\/auth/);
  });

  it.each<[string, (stack: Stack) => HttpApi]>([
    [
      "in another stack",
      (stack) => new HttpApi(new Stack(App.of(stack) ?? stack, "Apis", { env: ENV }), "Api"),
    ],
    ["without a $default stage", (stack) => new HttpApi(stack, "Api", { createDefaultStage: false })],
    ["with its own host off", (stack) => new HttpApi(stack, "Api", { disableExecuteApiEndpoint: true })],
  ])("is not told of an API %s", (_, make) => {
    expect(withApi(make)).not.toContain("apiUrl");
  });
});

describe("a value that the CLI looks up before it runs the app again", () => {
  it("is no mistake in the first run, and the CLI learns what to look up", () => {
    const stack = newStack();
    const looked = (name: string) => StringParameter.valueFromLookup(stack, `/auth/${name}`);
    new SingleSession(stack, "Sessions", {
      identity: [
        { cognito: { userPoolId: looked("pool"), clientId: looked("client"), domain: looked("domain") } },
        { oidc: { name: "corp", issuer: looked("issuer"), audience: looked("id"), jwksUri: looked("keys") } },
        { cognito: { name: "second", userPoolId: looked("pool-2"), clientId: looked("client") } },
      ],
      allowedOrigins: [looked("origin"), `https://${looked("host")}`],
      publicOrigin: looked("public"),
      era: looked("era"),
    });
    const asked = synth(stack).manifest.missing?.map(
      ({ props }) => (props as { parameterName?: string }).parameterName,
    );
    expect(asked).toHaveLength(11);
    expect(asked).toContain("/auth/pool");
  });
});

describe("an API in a nested stack", () => {
  it.each([
    ["before", "HTTP"],
    ["before", "REST"],
    ["after", "HTTP"],
    ["after", "REST"],
  ])("is watched, whether monitor() is called %s its routes are added (%s)", (order, kind) => {
    const stack = newStack();
    const nested = new NestedStack(stack, "Nested");
    const sessions = new SingleSession(stack, "Sessions");
    if (order === "before") sessions.monitor();
    if (kind === "HTTP") sessions.addRoutes(new HttpApi(nested, "Api"));
    else sessions.addRestRoutes(new RestApi(nested, "Api"));
    if (order === "after") sessions.monitor();
    synth(stack);
    const names = Object.values(resourcesOf(nested, "AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => Properties["AlarmName"],
    );
    expect(names).toEqual(["Shop-Sessions-api-errors-Shop-Nested-Api"]);
  });
});

describe("a function's environment", () => {
  const origins = (count: number) =>
    Array.from({ length: count }, (_, index) => `https://customer-${index}.app.example.com`);

  it("that Lambda would refuse fails the synth, with the largest settings named", () => {
    const stack = newStack();
    new SingleSession(stack, "Sessions", { allowedOrigins: origins(90) });
    expect(() => synth(stack)).toThrow(
      /Shop\/Sessions\/login\] The environment of the function has at least \d{4} bytes as JSON; allowedOrigins is 3\d{3} of them.*Accepted: at most 4096/,
    );
  });

  it("that Lambda takes does not", () => {
    const stack = newStack();
    new SingleSession(stack, "Sessions", { allowedOrigins: origins(60) });
    expect(() => synth(stack)).not.toThrow();
  });
});

describe("a route that an API would have twice fails the synth", () => {
  it("of two sets of sessions", () => {
    const stack = newStack();
    const api = new HttpApi(stack, "Api");
    new SingleSession(stack, "Staff").addRoutes(api);
    new SingleSession(stack, "Customers").addRoutes(api);
    expect(() => synth(stack)).toThrow(
      /The API has the route POST \/login more than once: Shop\/Api\/StaffPOST--login and Shop\/Api\/CustomersPOST--login/,
    );
  });

  it("of the API's own, made before or after", () => {
    const stack = newStack();
    const api = new HttpApi(stack, "Api");
    const sessions = new SingleSession(stack, "Sessions");
    sessions.addRoutes(api);
    const integration = new HttpLambdaIntegration("Own", sessions.loginFunction);
    api.addRoutes({ path: "/login", methods: [HttpMethod.POST], integration });
    api.addRoutes({ path: "/login", methods: [HttpMethod.PUT], integration });
    expect(() => synth(stack)).toThrow(/the route POST \/login more than once/);
  });
});

it("tables that go with the stack are not protected from it, unless that is said", () => {
  const isProtected = (props: SingleSessionProps) => {
    const stack = newStack();
    new SingleSession(stack, "Sessions", props);
    const tables = Object.values(resourcesOf(stack, "AWS::DynamoDB::Table"));
    return [...new Set(tables.map(({ Properties }) => Properties["DeletionProtectionEnabled"]))];
  };
  const removalPolicy = RemovalPolicy.DESTROY;
  expect([
    isProtected({}),
    isProtected({ removalPolicy }),
    isProtected({ removalPolicy, deletionProtection: true }),
    isProtected({ deletionProtection: false }),
  ]).toEqual([[true], [false], [true], [false]]);
});

describe("a mistake says where it is and what was found:", () => {
  it("the construct, of which an app may have several", () => {
    expect(() => new SingleSession(newStack(), "Staff", { era: "" })).toThrow(
      /^Shop\/Staff: era \(prop\) is ""/,
    );
    const idleTimeout = Duration.hours(1);
    expect(
      () => new SingleSession(newStack(), "Staff", { idleTimeout, idle: 1 } as SingleSessionProps),
    ).toThrow(/^Shop\/Staff: idle \(prop\) is not a setting/);
  });

  it("names of one's own without a certificate, which CloudFront refuses", () => {
    const stack = newStack();
    const sessions = new SingleSession(stack, "Sessions");
    const httpApi = new HttpApi(stack, "Api");
    expect(
      () => new SingleSessionConsole(stack, "Console", { sessions, httpApi, domainNames: ["s.example.com"] }),
    ).toThrow("Shop/Console: domainNames (prop) is given without certificate");
  });

  it("a console before an API without the sessions' routes, which it may get later", () => {
    const stack = newStack();
    const [sessions, httpApi] = [new SingleSession(stack, "Sessions"), new HttpApi(stack, "Api")];
    new SingleSessionConsole(stack, "Console", { sessions, httpApi });
    expect(() => synth(stack)).toThrow(
      "httpApi (prop) is Shop/Api, which has no routes of Shop/Sessions. Accepted: an API that addRoutes",
    );
    sessions.addRoutes(httpApi);
    expect(() => synth(stack)).not.toThrow();
  });

  it("null, and a prefix that is known at deployment", () => {
    const vpc = null as unknown as NonNullable<SingleSessionProps["vpc"]>;
    expect(() => new SingleSession(newStack(), "Sessions", { vpc })).toThrow(
      "vpc (prop) is null. Accepted: a Vpc",
    );
    const stack = newStack();
    const namePrefix = new CfnParameter(stack, "Prefix").valueAsString;
    expect(() => new SingleSession(stack, "Sessions", { namePrefix })).toThrow(
      "is known only at deployment. Accepted: a letter, then up to 39 letters, digits and hyphens; known at synth.",
    );
  });

  it("the Region of a key's policy, also where no Region is known", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Shop");
    const encryptionKey = Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-central-1:111122223333:key/a");
    new SingleSession(stack, "Sessions", { encryptionKey });
    const [found] = Annotations.fromStack(stack).findWarning("*", Match.stringLikeRegexp("imported key"));
    expect(found?.entry.data).toContain("must allow logs.<Region>.amazonaws.com");
  });
});
