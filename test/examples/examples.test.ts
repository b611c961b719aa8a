// Long: started first.
import { globSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_PASSWORD, DEMO_USERS } from "../../cli/demo-users.ts";
import { runProcess } from "../cli/run-users.ts";
import { WITHOUT_CODE } from "../infra/support.ts";
import { VIEWER_FUNCTION } from "../../infra/console/viewer-function.ts";
import { FIREFOX_ON_MACOS, HttpClient, type Answer } from "../support/http-client.ts";
import { startTestStack } from "../support/local-stack.ts";
import { PACKING_MS } from "../support/packed-package.ts";
import { signInAtProvider, tokensAt } from "./first-displaced.ts";
import { copyExamples, templateOf, type OutsideExamples } from "./outside-examples.ts";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

/** Who signs in at a local provider in the place of the user pool. */
const SIGN_IN = { users: DEMO_USERS, password: DEMO_PASSWORD };

let examples: OutsideExamples;
beforeAll(async () => {
  examples = await copyExamples();
}, PACKING_MS);
afterAll(() => rm(examples.folder, { recursive: true, force: true }));

/** The logical id of the one resource of a type with these properties. */
function idOf(template: Template, type: string, properties: object = {}): string {
  const [id, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  if (id === undefined || others.length > 0) throw new Error(`not one ${type} but ${others.length}`);
  return id;
}

test("there is an example of each way in", () => {
  expect(examples.names).toEqual([
    "cognito-drop-in",
    "cognito-http-api",
    "own-backend",
    "policy-function",
    "react-spa",
    "rest-api",
  ]);
});

test("the examples are right for the compiler, with the packed package's types", async () => {
  expect(await examples.typeErrors()).toBe("");
});

test("cognito-http-api: users of the pool sign in, and only live sessions reach the protected route", async () => {
  const template = await templateOf(await examples.synthesize("cognito-http-api", WITHOUT_CODE));
  const pool = idOf(template, "AWS::Cognito::UserPool");
  template.hasResourceProperties("AWS::Cognito::UserPoolClient", {
    UserPoolId: { Ref: pool },
    AllowedOAuthFlows: ["code"],
    GenerateSecret: Match.absent(),
  });
  const authorizer = idOf(template, "AWS::ApiGatewayV2::Authorizer", {
    AuthorizerType: "REQUEST",
    AuthorizerResultTtlInSeconds: 0,
  });
  template.hasResourceProperties("AWS::ApiGatewayV2::Route", {
    RouteKey: "GET /reports",
    AuthorizationType: "CUSTOM",
    AuthorizerId: { Ref: authorizer },
  });
  template.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey: "GET /login/oidc/callback" });
  // The functions are told of this pool.
  const settings = template.findResources("AWS::Lambda::Function", {
    Properties: { Environment: { Variables: { SINGLE_SESSION_SETTINGS: Match.anyValue() } } },
  });
  expect(JSON.stringify(settings)).toContain(`{"Ref":"${pool}"}`);
});

test("cognito-drop-in: an unchanged client goes on, and a second device signs the first out", async () => {
  const stack = await startTestStack({
    synthesizedFolder: await examples.synthesize("cognito-drop-in"),
    signIn: SIGN_IN,
  });
  try {
    const [provider] = stack.providers;
    const signIn = async (): Promise<() => Promise<Answer>> => {
      const { access_token: token } = await tokensAt(provider?.url ?? "", "alice");
      const authorization = `Bearer ${token}`;
      return () => new HttpClient(stack.url).call("GET", "/reports", undefined, { authorization });
    };
    const laptop = await signIn();
    const reports = {
      status: 200,
      body: { user: expect.stringMatching(/^cognito:[-0-9a-f]{36}$/) as string, reports: ["q1", "q2"] },
    };
    expect(await laptop()).toMatchObject(reports);
    expect(await laptop()).toMatchObject(reports);
    // Which of two sign-ins is newer is known by the second.
    await sleep(1100);
    const phone = await signIn();
    expect(await phone()).toMatchObject(reports);
    expect((await laptop()).status).toBe(403);
    expect(await phone()).toMatchObject(reports);
    expect((await new HttpClient(stack.url).call("GET", "/reports")).status).toBe(403);
  } finally {
    await stack.stop();
  }
});

test("cognito-http-api: people sign in by the page of the local provider, one device at a time", async () => {
  const stack = await startTestStack({
    synthesizedFolder: await examples.synthesize("cognito-http-api"),
    signIn: SIGN_IN,
  });
  try {
    const [laptop, phone] = [new HttpClient(stack.url), new HttpClient(stack.url, IPHONE)];
    await signInAtProvider(laptop, "admin");
    expect(await laptop.session()).toMatchObject({ status: 200, body: { user: { isAdmin: true } } });
    expect((await laptop.call("GET", "/reports")).status).toBe(200);
    await signInAtProvider(phone, "admin");
    expect((await laptop.call("GET", "/reports")).status).toBe(403);
    expect((await phone.call("GET", "/reports")).status).toBe(200);
  } finally {
    await stack.stop();
  }
});

test("rest-api: the calls are methods of the REST API, and the authorizer protects a method of one's own", async () => {
  const template = await templateOf(await examples.synthesize("rest-api", WITHOUT_CODE));
  const authorizer = idOf(template, "AWS::ApiGateway::Authorizer", { Type: "REQUEST" });
  const methodsAt = (pathPart: string): unknown[] => {
    const parts = template.findResources("AWS::ApiGateway::Resource", { Properties: { PathPart: pathPart } });
    return Object.values(template.findResources("AWS::ApiGateway::Method"))
      .map(({ Properties: properties }) => properties as Record<string, unknown>)
      .filter(({ ResourceId: { Ref: id } = {} }: { ResourceId?: { Ref?: string } }) =>
        Object.hasOwn(parts, id ?? ""),
      )
      .map(({ HttpMethod: method, AuthorizerId: authorizerId }) => [method, authorizerId]);
  };
  expect(methodsAt("reports")).toEqual([["GET", { Ref: authorizer }]]);
  expect(methodsAt("login")).toEqual([["POST", undefined]]);
  expect(methodsAt("session")).toEqual([["GET", undefined]]);
  template.resourceCountIs("AWS::ApiGatewayV2::Api", 0);
});

test("own-backend: only the backend's role may invoke login, and a person it vouches for has one session", async () => {
  const assembly = await examples.synthesize("own-backend");
  const template = await templateOf(assembly);
  const invokes = Object.values(
    template.findResources("AWS::IAM::Policy", {
      Properties: {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: "lambda:InvokeFunction", Effect: "Allow" }),
          ]),
        },
      },
    }),
  )
    .map(({ Properties: properties }) => properties as { Roles: { Ref: string }[] })
    .filter((policy) => /"Sessionslogin[0-9A-F]{8}"/.test(JSON.stringify(policy)));
  expect(invokes.map(({ Roles: roles }) => roles)).toEqual([
    [{ Ref: expect.stringMatching(/^SignInServiceRole/) as string }],
  ]);

  const port = await freePort();
  const stack = await startTestStack({
    synthesizedFolder: assembly,
    port,
    // What the SDK in the backend's function takes for Lambda.
    environment: { AWS_ENDPOINT_URL_LAMBDA: `http://localhost:${port}` },
  });
  try {
    const laptop = new HttpClient(stack.url);
    const phone = new HttpClient(stack.url, IPHONE);
    const signIn = async (client: HttpClient, code: string): Promise<number> =>
      (await client.call("POST", "/sign-in", { code })).status;
    expect([await signIn(laptop, "wrong"), await signIn(laptop, "demo")]).toEqual([401, 201]);
    expect(await laptop.session()).toMatchObject({
      status: 200,
      body: { user: { id: "alice@example.com" }, session: { device: { label: "Chrome on Windows" } } },
    });
    expect(await signIn(phone, "demo")).toBe(201);
    expect(await laptop.session()).toMatchObject({ status: 401, body: { code: "session_displaced" } });
    expect(await phone.session()).toMatchObject({ status: 200 });
  } finally {
    await stack.stop();
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("policy-function: the policy is in the login function, and decides", async () => {
  const assembly = await examples.synthesize("policy-function");
  const bundles = await Promise.all(
    globSync("asset.*/index.mjs", { cwd: assembly }).map((path) => readFile(join(assembly, path), "utf8")),
  );
  expect(bundles.filter((bundle) => bundle.includes('"kiosk"'))).toHaveLength(1);

  const stack = await startTestStack({ synthesizedFolder: assembly });
  try {
    // The operators' command, as whoever has installed the package runs it.
    const command = join(examples.folder, "node_modules/serverless-single-session/dist/cli/main.js");
    for (const args of [["alice"], ["admin", "--admin"]]) {
      const added = await runProcess(command, ["users", "add", ...args, "--port", String(stack.port)], {
        input: DEMO_PASSWORD,
      });
      expect(added).toMatchObject({ code: 0, stderr: "" });
    }
    const login = async (user: string, userAgent?: string): Promise<number> =>
      (await new HttpClient(stack.url, userAgent).login(user)).status;
    expect([await login("admin"), await login("admin", FIREFOX_ON_MACOS)]).toEqual([201, 409]);
    expect([
      await login("alice"),
      await login("alice", IPHONE),
      await login("alice", FIREFOX_ON_MACOS),
    ]).toEqual([201, 201, 409]);
  } finally {
    await stack.stop();
  }
});

test("react-spa: the page builds, and is behind one distribution with the API", async () => {
  await examples.runScript("react-spa", "build");
  const built = await readFile(join(examples.folder, "react-spa", "dist", "index.html"), "utf8");
  expect(built).toMatch(/<script type="module"[^>]* src="\/assets\//);

  const assembly = await examples.synthesize("react-spa", WITHOUT_CODE);
  const template = await templateOf(assembly);
  const viewer = idOf(template, "AWS::CloudFront::Function");
  const toApi = (pathPattern: string): object =>
    Match.objectLike({
      PathPattern: pathPattern,
      ViewerProtocolPolicy: "redirect-to-https",
      AllowedMethods: Match.arrayWith(["POST", "DELETE"]),
      FunctionAssociations: [
        { EventType: "viewer-request", FunctionARN: { "Fn::GetAtt": [viewer, "FunctionARN"] } },
      ],
    });
  template.hasResourceProperties("AWS::CloudFront::Distribution", {
    DistributionConfig: {
      DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https" },
      CacheBehaviors: [toApi("/login*"), toApi("/logout"), toApi("/session*")],
      Origins: Match.arrayWith([
        Match.objectLike({
          CustomOriginConfig: Match.objectLike({ OriginProtocolPolicy: "https-only" }),
          OriginCustomHeaders: [{ HeaderName: "x-origin-secret", HeaderValue: Match.anyValue() }],
        }),
      ]),
    },
  });
  // The functions believe the distribution by the same secret.
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: Match.objectLike({ ORIGIN_SECRET: Match.anyValue() }) },
  });
});

test("react-spa's distribution names the viewer as the console's own does", async () => {
  const app = await readFile(join(examples.folder, "react-spa", "app.ts"), "utf8");
  expect(app).toContain(VIEWER_FUNCTION.trim());
});
