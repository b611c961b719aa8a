import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnOutput, CfnParameter, Fn, Stack, Stage } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import { sourcesIn } from "../../local/model/identity-sources.ts";
import { readStack, type StackModel } from "../../local/model/stack-model.ts";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { startTestStack, synthesizeOnce } from "../support/local-stack.ts";

const STRENGTH = "@aws-cdk/core:defaultCrossStackReferences";

function read(folder: string, stacks: readonly string[] = []): { model: StackModel; warnings: string[] } {
  const warnings: string[] = [];
  const model = readStack(readCloudAssembly(folder, { stacks }), {
    url: "http://localhost:3000",
    onUnsupported: (why) => warnings.push(why),
  });
  return { model, warnings };
}

const synthesized = (strength: string): Promise<string> =>
  synthesizeOnce({ app: "test/local/two-stacks-app.ts", context: { [STRENGTH]: strength } });

describe("a user pool in one stack and the sessions in another", () => {
  test.each(["weak", "both", "strong"])("both run, and the sessions know the pool: %s", async (strength) => {
    const { model, warnings } = read(await synthesized(strength));
    expect(model.stackName).toBe("AuthStack, ApiStack");
    expect(warnings).toEqual([]);
    const [{ userPoolId, clientId } = {}] = model.appClients;
    const login = model.functions.find(({ name }) => name === "login");
    expect(sourcesIn(login?.environment ?? {})).toMatchObject([{ userPoolId, clientId }]);
  });

  test("people sign in", async () => {
    const signIn = { users: [{ userName: "alice", isAdmin: false, permissions: [] }], password: "x" };
    const stack = await startTestStack({ synthesizedFolder: await synthesized("weak"), signIn });
    try {
      const [provider] = stack.providers;
      const body = new URLSearchParams({ user: "alice" });
      const tokens = await fetch(`${provider?.url ?? ""}/tokens`, { method: "POST", body });
      const { id_token: idToken } = (await tokens.json()) as { id_token: string };
      const login = await fetch(`${stack.url}/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ idToken }),
      });
      expect(login.status).toBe(201);
    } finally {
      await stack.stop();
    }
  });

  test("a pool whose stack does not run is told, once each", async () => {
    const { warnings } = read(await synthesized("weak"), ["ApiStack"]);
    const outputs = warnings.filter((why) => why.startsWith("The output "));
    expect(outputs).toHaveLength(2);
    expect(outputs.join("\n")).toMatch(
      /^The output \S+ of the stack AuthStack does not run here; an identity source names it, so that nobody can sign in by that\. If it is in another stack, run that as well: --stack$/m,
    );
  });
});

describe("values of other stacks", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "exchanges-"));
    const app = new App({ outdir: folder, context: { [STRENGTH]: "weak" } });
    // A stage with stacks of the same names, which holds no sessions.
    for (const name of ["Shop", "Other"]) {
      const stage = new Stage(app, name);
      const data = new Stack(stage, "Data", { stackName: "Data" });
      const queue = new Queue(data, "Orders", { queueName: `${name}-orders` });
      new CfnOutput(data, "Url", { value: `https://${name}.example.com` });
      const hosts = new CfnParameter(data, "Hosts", { type: "CommaDelimitedList", default: "a, b" });
      const reader = new Stack(stage, "Reader", { stackName: "Reader" });
      const named = new CfnParameter(reader, "DataStack", { default: "Data" });
      const environment = {
        QUEUE: queue.queueName,
        BY_PARAMETER: Fn.getStackOutput(named.valueAsString, "Url"),
        LIST: Fn.join("+", hosts.valueAsList),
        ...(name === "Shop" && { [ENVIRONMENT.settings]: '{"allowedOrigins":[]}' }),
      };
      const code = Code.fromInline("exports.handler = async () => 1;");
      const runtime = Runtime.NODEJS_24_X;
      new LambdaFunction(reader, "read", { runtime, handler: "index.handler", code, environment });
    }
    app.synth();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("are found by the name of the stack, be it a parameter's, in the same stage", () => {
    const { model } = read(folder);
    expect(model.stackName).toBe("Data, Reader");
    expect(model.functions[0]?.environment).toMatchObject({
      QUEUE: "Shop-orders",
      BY_PARAMETER: "https://Shop.example.com",
      LIST: "a+b",
    });
  });
});
