import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { startLocalStack, type LocalStack } from "../../local/stack.ts";
import { synthesisMessage } from "../../local/synthesize.ts";
import { sdkClient, testClient } from "../support/dynamodb.ts";
import { startTestStack, synthesizeOnce } from "../support/local-stack.ts";
import { propertiesOf, tweakedAssembly, type TweakableTemplate } from "./tweaked-assembly.ts";

const app = "test/local/fixture-app.ts";
const ROUTE = "AWS::ApiGatewayV2::Route";
const FUNCTION = "AWS::Lambda::Function";
const AUTHORIZER = "AWS::ApiGatewayV2::Authorizer";
const running: LocalStack[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stack) => stack.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function tweaked(tweak: (template: TweakableTemplate) => void): Promise<string> {
  const folder = await tweakedAssembly(await synthesizeOnce({ app, context: { variant: "plain" } }), tweak);
  folders.push(folder);
  return folder;
}

async function startFixture(variant = "plain"): Promise<LocalStack> {
  const stack = await startTestStack({ app, context: { variant } });
  running.push(stack);
  return stack;
}

test("the tables have the keys, index, stream and time to live of the template", async () => {
  const stack = await startFixture();
  const TableName = stack.tables["ThingsTableName"] ?? "";
  const client = sdkClient();
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    GlobalSecondaryIndexes: [
      {
        IndexName: "byOwner",
        KeySchema: [
          { AttributeName: "owner", KeyType: "HASH" },
          { AttributeName: "at", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
});

test("two stacks at once have ports and tables of their own", async () => {
  const [one, other] = await Promise.all([startFixture(), startFixture()]);
  expect(one.port).not.toBe(other.port);
  expect(one.tables["ThingsTableName"]).not.toBe(other.tables["ThingsTableName"]);
  const answers = await Promise.all([one, other].map(({ url }) => fetch(`${url}/echo`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("a stopped stack answers no more", async () => {
  const stack = await startTestStack({ app, context: { variant: "plain" } });
  expect((await fetch(`${stack.url}/echo`)).status).toBe(200);
  await stack.stop();
  await expect(fetch(`${stack.url}/echo`)).rejects.toThrow("fetch failed");
});

test("it answers on both loopback addresses that localhost may be", async () => {
  const { port } = await startFixture();
  expect((await fetch(`http://127.0.0.1:${port}/echo`)).status).toBe(200);
  expect((await fetch(`http://localhost:${port}/echo`)).status).toBe(200);
});

test("$default takes what no other route takes", async () => {
  const synthesizedFolder = await tweaked((template) => {
    propertiesOf(template, ROUTE, { RouteKey: "ANY /files/{proxy+}" })["RouteKey"] = "$default";
  });
  const stack = await startTestStack({ synthesizedFolder });
  running.push(stack);
  const keyOf = async (path: string) =>
    ((await (await fetch(stack.url + path)).json()) as { routeKey: string }).routeKey;
  expect(await keyOf("/anything/at/all")).toBe("$default");
  expect(await keyOf("/echo")).toBe("GET /echo");
});

test("a port in use is named before anything is started", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  try {
    const neverReached = "test/local/no-such-app.ts";
    await expect(startLocalStack({ app: neverReached, port })).rejects.toThrow(
      `Port ${port} is in use. Choose another one with --port.`,
    );
  } finally {
    other.close();
  }
});

test(
  "a data folder keeps the data between runs, and a template with other keys is refused",
  { timeout: 180_000 },
  async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), "local-data-"));
    folders.push(dataFolder);
    const start = async (synthesizedFolder: string): Promise<LocalStack> => {
      const stack = await startLocalStack({ synthesizedFolder, dataFolder });
      running.push(stack);
      return stack;
    };
    const plain = await synthesizeOnce({ app, context: { variant: "plain" } });
    const first = await start(plain);
    const TableName = first.tables["ThingsTableName"] ?? "";
    const Item = { pk: "kept", value: 7 };
    await testClient({ endpoint: first.databaseEndpoint }).send(new PutCommand({ TableName, Item }));
    await first.stop();

    const second = await start(plain);
    const client = testClient({ endpoint: second.databaseEndpoint });
    expect((await client.send(new GetCommand({ TableName, Key: { pk: "kept" } }))).Item).toEqual(Item);
    await second.stop();

    const otherKeys = await tweaked((template) => {
      propertiesOf(template, "AWS::DynamoDB::Table")["KeySchema"] = [
        { AttributeName: "owner", KeyType: "HASH" },
      ];
    });
    await expect(start(otherKeys)).rejects.toThrow(
      /\(there keys \(pk S\).*; here keys \(owner S\).*Use another folder with --data/,
    );
  },
);

describe("what cannot run here is refused with a message", () => {
  test.each<[string, (template: TweakableTemplate) => void, string | RegExp]>([
    [
      "a JWT authorizer",
      (template) =>
        (propertiesOf(template, ROUTE, { AuthorizationType: "CUSTOM" })["AuthorizationType"] = "JWT"),
      "has the authorization type JWT; only NONE and CUSTOM (Lambda) run here.",
    ],
    [
      "an identity source that is not known",
      (template) => (propertiesOf(template, AUTHORIZER)["IdentitySource"] = ["$stageVariables.x"]),
      "has the identity source $stageVariables.x",
    ],
    [
      "a WebSocket API",
      (template) => (propertiesOf(template, "AWS::ApiGatewayV2::Api")["ProtocolType"] = "WEBSOCKET"),
      "The API Api is WEBSOCKET; only HTTP runs here.",
    ],
    [
      "an HTTP integration",
      (template) =>
        (propertiesOf(template, "AWS::ApiGatewayV2::Integration")["IntegrationType"] = "HTTP_PROXY"),
      "only AWS_PROXY to Lambda runs here.",
    ],
    [
      "a function in Python that a route leads to",
      (template) => (propertiesOf(template, FUNCTION, { Handler: "index.echo" })["Runtime"] = "python3.13"),
      "The function echo has the runtime python3.13; only nodejs runs here.",
    ],
    [
      "an unknown intrinsic in the environment of a function that a route leads to",
      (template) =>
        (propertiesOf(template, FUNCTION, { Handler: "index.echo" })["Environment"] = {
          Variables: { FOREIGN: { "Fn::GetAZs": "elsewhere" } },
        }),
      /^echo\.Environment\.Variables\.FOREIGN: a local stack does not know this intrinsic: .*elsewhere/,
    ],
  ])("%s", async (_, tweak, message) => {
    const synthesizedFolder = await tweaked(tweak);
    await expect(startTestStack({ synthesizedFolder })).rejects.toThrow(message);
  });

  test("a function that cannot run and that nothing leads to is left out", async () => {
    const synthesizedFolder = await tweaked((template) => {
      propertiesOf(template, FUNCTION, { Handler: "index.act" })["Runtime"] = "python3.13";
    });
    const stack = await startTestStack({ synthesizedFolder });
    running.push(stack);
    await expect(stack.invoke("act", {})).rejects.toThrow("No function act; there are echo, ");
  });

  test.each([
    [
      "several-stacks",
      "The CDK app has several stacks (Another, Fixture), and none holds a SingleSession. Name those to run with --stack.",
    ],
    ["marked-error", "/Fixture: this must not be deployed"],
  ])("the app's variant %s", async (variant, message) => {
    await expect(startFixture(variant)).rejects.toThrow(message);
  });

  test("an app that throws shows its own message and nothing else", async () => {
    await expect(startFixture("throws")).rejects.toThrow(/^colour is "grue"\. Accepted: green, blue$/);
  });

  test("an app that does not exist is named", async () => {
    await expect(startLocalStack({ app: "no/such/app.ts" })).rejects.toThrow(
      /no\/such\/app\.ts does not exist/,
    );
  });

  test("a start that is called off leaves nothing running", async () => {
    const calledOff = new AbortController();
    const start = startLocalStack({ app, signal: calledOff.signal });
    setTimeout(() => calledOff.abort(), 300);
    await expect(start).rejects.toThrow("aborted");
  });
});

test.each([
  [
    "file:///a.ts:1\nthrow new Error()\n^\n\nTypeError [CODE]: first\nsecond\n    at a\n    at b\n\nNode.js v24",
    "first\nsecond",
  ],
  ["Bundling ...\n«Failed» Error: no export\n    ...new Fn in cdk\n    at c\n", "Error: no export"],
  ["SettingError: era is wrong. Accepted: text.\n", "era is wrong. Accepted: text."],
  ["no error line at all\n", "no error line at all"],
  ["", "The CDK app failed without a message."],
])("of an app's output %j the message is shown", (output, message) => {
  expect(synthesisMessage(output)).toBe(message);
});
