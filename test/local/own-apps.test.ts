import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnResource, Stack } from "aws-cdk-lib";
import {
  Cors,
  LambdaIntegration,
  RequestAuthorizer,
  RestApi,
  TokenAuthorizer,
} from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer, HttpLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration, HttpUrlIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { providedBy } from "../../local/dev/provided.ts";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import { readStack } from "../../local/model/stack-model.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ event, environment: process.env }) });`;
/** Allows by the words of the header or of the token. */
const AUTHORIZE = `exports.handler = async (event) => {
  const said = event.authorizationToken ?? event.headers["x-pass"];
  if (said === "who") throw new Error("Unauthorized");
  if (said === "fail") throw new Error("broken");
  const [api, stage] = event.methodArn.split("/");
  return {
    principalId: "alice",
    policyDocument: { Statement: [{ Effect: said === "no" ? "Deny" : "Allow", Action: "execute-api:*", Resource: api + "/" + stage + "/*" }] },
    context: { type: event.type, path: event.path ?? "none", isAdmin: true, count: 3, ...(said === "list" && { list: [] }) },
  };
};`;

let folder: string;
let stack: TestStack;
const warnings: string[] = [];

/** Two stacks of one app: the APIs in one, what they refer to in the other. */
function synthesize(outdir: string): void {
  const app = new App({ outdir, context: { "aws:cdk:enable-path-metadata": true } });
  const data = new Stack(app, "Data");
  const uploads = new Bucket(data, "Uploads");
  const topic = new Topic(data, "News");
  const apis = new Stack(app, "Apis");
  const fn = (id: string, code: string, environment: Record<string, string> = {}): LambdaFunction =>
    new LambdaFunction(apis, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline(code),
      environment,
    });
  const secret = new Secret(apis, "Key");
  const echo = fn("echo", ECHO, {
    KEY: secret.secretValue.unsafeUnwrap(),
    KEY_ARN: secret.secretArn,
    BUCKET: uploads.bucketName,
    TOPIC: topic.topicArn,
  });
  const authorize = fn("authorize", AUTHORIZE);
  const layer = "arn:aws:lambda:eu-west-1:111111111111:layer:tracing:1";
  authorize.addLayers(LayerVersion.fromLayerVersionArn(apis, "Tracing", layer));
  new LambdaFunction(apis, "old", {
    runtime: Runtime.PYTHON_3_13,
    handler: "index.handler",
    code: Code.fromInline("def handler(event, context): pass"),
  });
  new CfnResource(apis, "Seed", { type: "Custom::Seed", properties: { ServiceToken: "nowhere" } });

  const first = new HttpApi(apis, "First");
  const integration = new HttpLambdaIntegration("Echo", echo);
  first.addRoutes({ path: "/echo", methods: [HttpMethod.GET], integration });
  first.addStage("Beta", { stageName: "beta", autoDeploy: true });
  first.addRoutes({ path: "/web", integration: new HttpUrlIntegration("Web", "https://example.com") });
  first.addRoutes({
    path: "/tokens",
    integration,
    authorizer: new HttpJwtAuthorizer("Jwt", "https://issuer.example.com", { jwtAudience: ["me"] }),
  });

  first.addRoutes({
    path: "/policy",
    integration,
    authorizer: new HttpLambdaAuthorizer("ByPolicy", authorize, {
      identitySource: ["$request.header.x-pass"],
    }),
  });

  const rest = new RestApi(apis, "Rest", { defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS } });
  const toEcho = new LambdaIntegration(echo);
  rest.root.addMethod("GET", toEcho);
  const items = rest.root.addResource("items");
  items.addResource("{id}").addMethod("GET", toEcho, {
    authorizer: new RequestAuthorizer(apis, "ByRequest", {
      handler: authorize,
      identitySources: ["method.request.header.x-pass"],
    }),
  });
  items.addMethod("GET", toEcho, {
    authorizer: new TokenAuthorizer(apis, "ByToken", { handler: authorize }),
  });
  app.synth();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "own-apps-"));
  synthesize(folder);
  stack = await startTestStack({
    synthesizedFolder: folder,
    stacks: ["Data", "Apis"],
    onUnsupported: (why) => warnings.push(why),
  });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Echoed {
  readonly event: Record<string, unknown> & { requestContext: Record<string, unknown> };
  readonly environment: Record<string, string>;
}
const urlOf = (name: string, index = 0): string =>
  stack.apis.find((api) => api.name === name)?.urls[index] ?? "";
const ask = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const echoed = async (response: Promise<Response>): Promise<Echoed> =>
  (await (await response).json()) as Echoed;

test("each API has an address of its own, and each stage a path", () => {
  expect(stack.apis).toMatchObject([
    { name: "First", kind: "http", urls: [stack.url, `${stack.url}/beta`] },
    { name: "Rest", kind: "rest", urls: [expect.stringMatching(/^http:\/\/localhost:\d+\/prod$/)] },
  ]);
  expect(new URL(urlOf("Rest")).port).not.toBe(String(stack.port));
});

test("a named stage of an HTTP API is in the path that a function sees, and matches the same routes", async () => {
  const { event } = await echoed(ask(`${urlOf("First", 1)}/echo`));
  expect(event).toMatchObject({
    rawPath: "/beta/echo",
    routeKey: "GET /echo",
    requestContext: { stage: "beta" },
  });
  expect(await echoed(ask(`${stack.url}/echo`))).toMatchObject({
    event: { rawPath: "/echo", requestContext: { stage: "$default", apiId: "local" } },
  });
  expect((await ask(`${stack.url}/gamma/echo`)).status).toBe(404);
});

test("a function behind a REST API gets the path below the stage, and the whole one in the context", async () => {
  const { event } = await echoed(ask(`${urlOf("Rest")}/items/7`, { "x-pass": "yes" }));
  expect(event).toMatchObject({
    resource: "/items/{id}",
    path: "/items/7",
    httpMethod: "GET",
    pathParameters: { id: "7" },
    requestContext: {
      path: "/prod/items/7",
      stage: "prod",
      apiId: "local2",
      authorizer: { principalId: "alice", type: "REQUEST", path: "/items/7", isAdmin: "true", count: "3" },
    },
  });
  expect(event).not.toHaveProperty("version");
  expect((await ask(`${urlOf("Rest")}/`)).status).toBe(200);
});

test("a function behind an HTTP API gets the values of a policy's context as they are", async () => {
  const { event } = await echoed(ask(`${stack.url}/policy`, { "x-pass": "list" }));
  expect(event.requestContext["authorizer"]).toMatchObject({ lambda: { isAdmin: true, count: 3, list: [] } });
});

test("a TOKEN authorizer is given the header's value and no more", async () => {
  const { event } = await echoed(ask(`${urlOf("Rest")}/items`, { authorization: "yes" }));
  expect(event.requestContext["authorizer"]).toMatchObject({ type: "TOKEN", path: "none" });
});

test.each([
  ["/items/7", {}, 401, "Unauthorized"],
  ["/items/7", { "x-pass": "no" }, 403, "User is not authorized to access this resource"],
  ["/items/7", { "x-pass": "who" }, 401, "Unauthorized"],
  ["/items/7", { "x-pass": "fail" }, 500, null],
  ["/items/7", { "x-pass": "list" }, 500, null],
  ["/nothing", {}, 403, "Missing Authentication Token"],
])("a REST API answers itself: %s with %j is %i", async (path, headers, status, message) => {
  const response = await ask(urlOf("Rest") + path, headers);
  expect([response.status, await response.json()]).toEqual([status, { message }]);
});

test("the mock that answers a preflight does", async () => {
  const response = await fetch(`${urlOf("Rest")}/items`, { method: "OPTIONS" });
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
});

test("routes that do not run here answer 501 with the reason, and the others go on", async () => {
  for (const path of ["/web", "/tokens"]) {
    const response = await ask(stack.url + path);
    expect(response.status).toBe(501);
    expect(warnings).toContain(((await response.json()) as { message: string }).message);
  }
});

test("each thing that does not run here is one line that names it, and says what to set", () => {
  expect(warnings.filter((line, index) => warnings.indexOf(line) !== index)).toEqual([]);
  expect(warnings).toEqual(
    expect.arrayContaining([
      "The function old has the runtime python3.13; only nodejs runs here.",
      "The layers of the function authorize do not run here: bundle what it uses of them.",
      "The custom resource Seed (Custom::Seed) does not run here; what it would do is not done.",
      "Uploads (AWS::S3::Bucket) does not run here; it is named by BUCKET of echo. " +
        "Say what to use: --env echo:BUCKET=VALUE, or where it is: --endpoint s3=http://localhost:PORT",
      "Key (AWS::SecretsManager::Secret) does not run here; it is named by KEY_ARN of echo. " +
        "Say what to use: --env echo:KEY_ARN=VALUE, or where it is: --endpoint secrets_manager=http://localhost:PORT",
      "News (AWS::SNS::Topic) does not run here; it is named by TOPIC of echo. " +
        "Say what to use: --env echo:TOPIC=VALUE, or where it is: --endpoint sns=http://localhost:PORT",
    ]),
  );
});

test("calls to services that do not run here stay on this machine", async () => {
  const { environment } = await echoed(ask(`${stack.url}/echo`));
  expect(environment).toMatchObject({ AWS_ENDPOINT_URL: stack.url, AWS_ENDPOINT_URL_LAMBDA: stack.url });
});

test("what is provided is not warned of", () => {
  const left: string[] = [];
  const [variables, endpoints] = [
    [{ functionName: "echo", variable: "BUCKET", value: "mine" }],
    [{ service: "sns", url: "http://localhost:9911" }],
  ];
  readStack(readCloudAssembly(folder, ["Data", "Apis"]), {
    url: "http://localhost",
    onUnsupported: (why) => left.push(why),
    provided: providedBy(variables, endpoints),
  });
  expect(left.join()).not.toMatch(/Uploads|News/);
});

test("a stack that is not there is refused with those that are", () => {
  expect(() => readCloudAssembly(folder, ["Prod"])).toThrow(
    "The CDK app has no stack Prod; there are Data, Apis.",
  );
});
