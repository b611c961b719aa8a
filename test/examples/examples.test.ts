// Longest: started first.
/**
 * What a reader does: the packed package, installed outside of this repository, runs the README's sample in a
 * project of `cdk init`, and each example; people of a user pool sign in by the page of the local provider.
 */
import { globSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { VIEWER_FUNCTION } from "../../infra/console/viewer-function.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { runProcess } from "../cli/run-users.ts";
import { WITHOUT_CODE } from "../infra/support.ts";
import { logInByBackend, startDev } from "../support/dev-process.ts";
import { FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";
import { PACKING_MS } from "../support/packed-package.ts";
import { appFiles, samplesOf } from "../try-package/app-files.ts";
import {
  displaceByIdTokens,
  EXAMPLES,
  providerIn,
  signInAtProvider,
  tokensAt,
  type RunningApp,
} from "./first-displaced.ts";
import { copyExamples, templateOf, type OutsideExamples } from "./outside-examples.ts";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const STARTING_MS = 240_000;
vi.setConfig({ testTimeout: STARTING_MS });

let examples: OutsideExamples;
beforeAll(async () => {
  examples = await copyExamples();
}, PACKING_MS);
afterAll(() => rm(examples.folder, { recursive: true, force: true }));

const installed = (path: string): string => join(examples.folder, "node_modules", path);

/** Runs an app as long as `use` takes, and checks that Ctrl-C ends it well. */
async function withDev(
  app: string,
  use: (app: RunningApp) => Promise<void>,
  options: readonly string[] = [],
): Promise<void> {
  const program = installed(".bin/serverless-single-session");
  const dev = await startDev([program, "dev", ...options], join(examples.folder, app));
  try {
    await use(dev);
  } catch (error) {
    throw new Error(dev.said(), { cause: error });
  } finally {
    expect(await dev.stop(), dev.said()).toBe(0);
    recordOutput("terminal", dev.said());
  }
}

/** Runs an example; what it is for is shown, and then `use` looks at the rest. */
const withExample = (example: string, use?: (app: RunningApp) => Promise<void>): Promise<void> =>
  withDev(
    example,
    async (app) => {
      await EXAMPLES[example]!(app);
      await use?.(app);
    },
    // Nobody changes it: no process need stand by for the next synth.
    ["--no-watch"],
  );

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
  expect(Object.keys(EXAMPLES)).toEqual(examples.names);
});

test("the examples are right for the compiler, with the packed package's types", async () => {
  expect(await examples.typeErrors()).toBe("");
});

test("the README's sample, in a project of cdk init", async () => {
  const samples = samplesOf(await readFile(join(PROJECT_FOLDER, "README.md"), "utf8"));
  const files = appFiles("CommonJS", samples);
  for (const [name, text] of Object.entries({ ...files, "package-lock.json": "{}" })) {
    const file = join(examples.folder, "readme", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await withDev("readme", async (app) => {
    await displaceByIdTokens(app);
    const { url, said } = app;
    const reports = join(examples.folder, "readme", "functions/reports.ts");
    await writeFile(reports, (await readFile(reports, "utf8")).replace("reports of", "New reports of"));
    const token = await logInByBackend(url, "maria");
    await vi.waitFor(
      async () => {
        const response = await fetch(`${url}/reports`, { headers: { authorization: `Bearer ${token}` } });
        expect(await response.text()).toBe("New reports of maria");
      },
      { timeout: STARTING_MS, interval: 100 },
    );
    expect(said()).toMatch(/^Reloaded Reports in \d+\.\d s: functions\/reports\.ts$/m);
  });
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

test("cognito-http-api: people sign in by the page of the local provider, one device at a time", () =>
  withExample("cognito-http-api", async ({ url }) => {
    const laptop = new HttpClient(url);
    await signInAtProvider(laptop, "admin");
    expect(await laptop.session()).toMatchObject({ status: 200, body: { user: { isAdmin: true } } });
    expect((await laptop.call("GET", "/reports")).status).toBe(200);
  }));

test("cognito-drop-in: an unchanged client goes on, and a second device signs the first out", () =>
  withExample("cognito-drop-in", async ({ url, said }) => {
    const reportsBy = (token: string) =>
      new HttpClient(url).call("GET", "/reports", undefined, { authorization: `Bearer ${token}` });
    expect((await reportsBy("nobody's")).status).toBe(403);
    const { access_token: token } = await tokensAt(providerIn(said()), "bob");
    expect(await reportsBy(token)).toMatchObject({
      status: 200,
      body: {
        user: expect.stringMatching(/^cognito:[-0-9a-f]{36}$/) as string,
        reports: ["q1", "q2"],
      },
    });
  }));

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

test("rest-api: a second device signs the first out", () => withExample("rest-api"));

test("own-backend: only the backend's role may invoke login", async () => {
  const template = await templateOf(await examples.synthesize("own-backend", WITHOUT_CODE));
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
});

test("own-backend: a person it vouches for has one session", () =>
  withExample("own-backend", async ({ url }) => {
    const laptop = new HttpClient(url);
    const signIn = async (code: string): Promise<number> =>
      (await laptop.call("POST", "/sign-in", { code })).status;
    expect([await signIn("wrong"), await signIn("demo")]).toEqual([401, 201]);
    expect(await laptop.session()).toMatchObject({
      status: 200,
      body: { user: { id: "alice@example.com" }, session: { device: { label: "Chrome on Windows" } } },
    });
  }));

test("policy-function: the policy is in the login function, and nowhere else", async () => {
  const assembly = await examples.synthesize("policy-function");
  const bundles = await Promise.all(
    globSync("asset.*/index.mjs", { cwd: assembly }).map((path) => readFile(join(assembly, path), "utf8")),
  );
  expect(bundles.filter((bundle) => bundle.includes('"kiosk"'))).toHaveLength(1);
});

test("policy-function: the policy decides, also of people whom the operators' command added", () =>
  withExample("policy-function", async ({ url }) => {
    // As whoever has installed the package runs it.
    const command = installed("serverless-single-session/dist/cli/main.js");
    for (const args of [["maria"], ["boss", "--admin"]]) {
      const added = await runProcess(command, ["users", "add", ...args, "--port", new URL(url).port], {
        input: DEMO_PASSWORD,
      });
      expect(added).toMatchObject({ code: 0, stderr: "" });
    }
    const login = async (user: string, userAgent?: string): Promise<number> =>
      (await new HttpClient(url, userAgent).login(user)).status;
    expect([await login("boss"), await login("boss", FIREFOX_ON_MACOS)]).toEqual([201, 409]);
    expect([
      await login("maria"),
      await login("maria", IPHONE),
      await login("maria", FIREFOX_ON_MACOS),
    ]).toEqual([201, 201, 409]);
  }));

test("react-spa: the page builds, and it and the API are at one origin", async () => {
  await examples.runScript("react-spa", "build");
  const built = await readFile(join(examples.folder, "react-spa", "dist", "index.html"), "utf8");
  expect(built).toMatch(/<script type="module"[^>]* src="\/assets\//);
  await withExample("react-spa", async ({ url }) => {
    expect(await (await fetch(`${url}/`)).text()).toContain('<script type="module"');
  });
});

test("react-spa: the page is behind one distribution with the API", async () => {
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
