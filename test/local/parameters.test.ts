import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnCondition, CfnMapping, CfnParameter, Fn, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { StringListParameter, StringParameter } from "aws-cdk-lib/aws-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import { readStack } from "../../local/model/stack-model.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parameters-"));
  const app = new App({ outdir: folder });
  const stack = new Stack(app, "Shop");
  const stage = new CfnParameter(stack, "Stage", { default: "dev" });
  const origin = new CfnParameter(stack, "Origin");
  const isLive = new CfnCondition(stack, "IsLive", { expression: Fn.conditionEquals(stage, "live") });
  const isTested = new CfnCondition(stack, "IsTested", {
    expression: Fn.conditionAnd(
      Fn.conditionNot(isLive),
      Fn.conditionOr(isLive, Fn.conditionEquals("a", "a")),
    ),
  });
  const sizes = new CfnMapping(stack, "Sizes", { mapping: { dev: { size: "1" }, live: { size: "9" } } });
  for (const [name, condition] of Object.entries({ Live: isLive, Tested: isTested })) {
    new CfnQueue(stack, name, { queueName: name.toLowerCase() }).cfnOptions.condition = condition;
  }
  new LambdaFunction(stack, "read", {
    functionName: "read",
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline("exports.handler = async () => 1;"),
    environment: {
      STAGE: stage.valueAsString,
      ORIGIN: origin.valueAsString,
      LEVEL: Fn.conditionIf("IsLive", "WARN", "DEBUG").toString(),
      SIZE: sizes.findInMap(stage.valueAsString, "size"),
      ISSUER: StringParameter.valueForStringParameter(stack, "/shop/issuer"),
      HOSTS: Fn.join("+", StringListParameter.valueForTypedListParameter(stack, "/shop/hosts")),
      LOGO: `https://${
        StringParameter.fromStringParameterAttributes(stack, "Cdn", {
          parameterName: "/shop/cdn",
          version: 3,
        }).stringValue
      }/logo.png`,
    },
  });
  app.synth();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function read(values: Readonly<Record<string, string>>) {
  const warnings: string[] = [];
  const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
  const model = readStack(readCloudAssembly(folder, { parameters }), {
    url: "http://localhost:3000",
    onUnsupported: (why) => warnings.push(why),
  });
  return { queues: model.queues, environment: model.functions[0]?.environment, warnings };
}

const ALL = {
  Origin: "https://shop.example.com",
  "/shop/issuer": "https://id.example.com",
  "/shop/hosts": "a, b",
  "/shop/cdn": "cdn.example.com",
};

describe("parameters of a template", () => {
  test("have the values given, those of the Parameter Store too, wherever they are named", () => {
    const { environment, warnings } = read(ALL);
    expect(environment).toMatchObject({
      STAGE: "dev",
      ORIGIN: "https://shop.example.com",
      ISSUER: "https://id.example.com",
      HOSTS: "a+b",
      LOGO: "https://cdn.example.com/logo.png",
    });
    expect(warnings).toEqual([]);
  });

  test("that have none are names that lead nowhere, and a line each says how to give one", () => {
    const { environment, warnings } = read({});
    for (const name of ["ORIGIN", "ISSUER", "HOSTS", "LOGO"])
      expect(environment?.[name]).toMatch(/\.invalid/);
    const line = (name: string, variable: string): string =>
      `The parameter ${name} has no value here; it is named by ${variable} of read. ` +
      `Give it one: --parameter ${name}=VALUE`;
    expect(warnings.sort()).toEqual(
      [
        line("Origin", "ORIGIN"),
        line("/shop/issuer", "ISSUER"),
        line("/shop/hosts", "HOSTS"),
        line("/shop/cdn", "LOGO"),
      ].sort(),
    );
  });

  test("that no stack has are refused with those that it has", () => {
    expect(() => read({ "/shop/isuer": "x" })).toThrow(
      "--parameter names /shop/isuer; there are Stage, Origin, /shop/issuer, /shop/hosts, /shop/cdn.",
    );
  });
});

describe("conditions and mappings", () => {
  test("choose by the defaults", () => {
    const { environment, queues } = read(ALL);
    expect(environment).toMatchObject({ LEVEL: "DEBUG", SIZE: "1" });
    expect(queues).toEqual(["tested"]);
  });

  test("choose by the values given", () => {
    const { environment, queues } = read({ ...ALL, Stage: "live" });
    expect(environment).toMatchObject({ LEVEL: "WARN", SIZE: "9" });
    expect(queues).toEqual(["live"]);
  });

  test("of a parameter that has no value are an error that names it", async () => {
    const own = await mkdtemp(join(tmpdir(), "parameters-"));
    try {
      const app = new App({ outdir: own });
      const stack = new Stack(app, "Shop");
      const stage = new CfnParameter(stack, "Stage");
      const isLive = new CfnCondition(stack, "IsLive", { expression: Fn.conditionEquals(stage, "live") });
      new CfnQueue(stack, "Live").cfnOptions.condition = isLive;
      app.synth();
      expect(() => readCloudAssembly(own)).toThrow(
        "condition IsLive: the parameter Stage has no value here. Give it one: --parameter Stage=VALUE",
      );
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  });
});
