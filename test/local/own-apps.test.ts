import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { providedBy } from "../../local/dev/provided.ts";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import { readStack } from "../../local/model/stack-model.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { synthesizeOwnApps } from "./own-apps-stacks.ts";

let folder: string;
let stack: TestStack;
const warnings: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "own-apps-"));
  synthesizeOwnApps(folder);
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
  for (const path of ["/web", "/tokens", "/queue", "/inner"]) {
    const response = await ask(stack.url + path);
    expect(response.status).toBe(501);
    expect(warnings).toContain(((await response.json()) as { message: string }).message);
  }
});

test("each thing that does not run here is one line that names it, and says what to set", () => {
  expect(warnings.filter((line, index) => warnings.indexOf(line) !== index)).toEqual([]);
  expect(warnings.join()).not.toContain("outputs");
  expect(warnings).toEqual(
    expect.arrayContaining([
      "The function old has the runtime python3.13; only nodejs runs here.",
      "The layers of the function authorize do not run here: bundle what it uses of them.",
      "The nested stack Inner does not run here: run what is in it as a stack of its own.",
      "The route ANY /queue has the integration SQS-SendMessage; only AWS_PROXY to Lambda runs here.",
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
  readStack(readCloudAssembly(folder, { stacks: ["Data", "Apis"] }), {
    url: "http://localhost",
    onUnsupported: (why) => left.push(why),
    provided: providedBy(variables, endpoints),
  });
  expect(left.join()).not.toMatch(/Uploads|News/);
});

test("a stack that is not there is refused with those that are", () => {
  expect(() => readCloudAssembly(folder, { stacks: ["Prod"] })).toThrow(
    "The CDK app has no stack Prod; there are Data, Apis.",
  );
});
