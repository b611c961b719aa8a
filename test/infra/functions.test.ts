import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { beforeAll, describe, expect, it } from "vitest";
import { FUNCTION_IDS } from "../../infra/function-ids.ts";
import { SingleSessionStack } from "../../infra/single-session-stack.ts";
import { eventV2 } from "../http/events.ts";
import { constructIn, DEFAULT_FUNCTION_IDS, resourceOf, resourcesOf, settingsOf, newApp } from "./support.ts";

const FUNCTION = "AWS::Lambda::Function";
const { stack } = constructIn({ era: "7", logRetention: RetentionDays.ONE_WEEK });

interface FunctionProperties {
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly LoggingConfig: { readonly LogGroup: { readonly Ref: string } };
  readonly Environment: { readonly Variables: Record<string, unknown> };
}

const propertiesOf = (id: string): FunctionProperties =>
  resourceOf(stack, FUNCTION, `Sessions${id.replaceAll("-", "")}`)
    .Properties as unknown as FunctionProperties;

describe("each function", () => {
  it.each(DEFAULT_FUNCTION_IDS)(
    "runs on Node 24 and arm64, with a log of its own that is not kept for ever and has no lines of Lambda's about calls that went well: %s",
    (id) => {
      const properties = propertiesOf(id);
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
      });
      const logs = resourcesOf(stack, "AWS::Logs::LogGroup");
      // And one of AppSync's errors.
      expect(Object.keys(logs)).toHaveLength(DEFAULT_FUNCTION_IDS.length + 1);
      expect(properties.LoggingConfig).toMatchObject({ LogFormat: "JSON", SystemLogLevel: "WARN" });
      expect(logs[properties.LoggingConfig.LogGroup.Ref]?.Properties["RetentionInDays"]).toBe(7);
    },
  );

  it.each(FUNCTION_IDS)("gets the variables it needs and no others: %s", (id) => {
    const { Variables } = propertiesOf(id).Environment;
    const readsDirectory = ["login", "admin-logout", "list-sessions", "end-session"].includes(id);
    expect(Object.keys(Variables).sort()).toEqual(
      [
        "AWS_ENDPOINT_URL_DYNAMODB",
        "POWERTOOLS_METRICS_NAMESPACE",
        "POWERTOOLS_SERVICE_NAME",
        "SESSIONS_TABLE",
        "SINGLE_SESSION_DEPLOYMENT",
        "SINGLE_SESSION_SETTINGS",
        ...(readsDirectory ? ["USERS_TABLE"] : []),
        ...(id === "login" ? ["SIGN_IN_TABLE"] : []),
        ...(["login", "admin-logout", "end-session"].includes(id) ? ["ACTIVITY_TABLE"] : []),
      ].sort(),
    );
    expect(Variables["POWERTOOLS_SERVICE_NAME"]).toBe(id);
    // Whatever the partition: in China the suffix is another.
    expect(Variables["AWS_ENDPOINT_URL_DYNAMODB"]).toEqual({
      "Fn::Join": ["", ["https://dynamodb.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]],
    });
    expect(settingsOf(stack, `Sessions${id.replaceAll("-", "")}`)).toMatchObject({ era: "7" });
  });

  it("gets only the variables that it needs where it answers no call", () => {
    const named = ["POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME", "SINGLE_SESSION_DEPLOYMENT"];
    const { Variables: ofOutbox } = propertiesOf("outbox").Environment;
    expect(Object.keys(ofOutbox).sort()).toEqual(
      [
        ...named,
        "ACTIVITY_TABLE",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "EVENT_BUS",
        "SESSIONS_TABLE",
        "SINGLE_SESSION_SETTINGS",
        "UNTOLD_EVENTS_QUEUE",
      ].sort(),
    );
    expect(ofOutbox["EVENT_BUS"]).toBe("default");
    const queue = resourceOf(stack, "AWS::SQS::Queue", "Sessionsuntoldevents").id;
    expect(ofOutbox["UNTOLD_EVENTS_QUEUE"]).toEqual({ Ref: queue });
    // The settings name the Event API, whose authorizer it is.
    expect(Object.keys(propertiesOf("push-authorize").Environment.Variables).sort()).toEqual(named.sort());
  });

  it("has the time that Lambda gives at most, and its executions that of their lists, where it runs jobs", () => {
    const job = propertiesOf("run-job");
    expect(job).toMatchObject({
      Timeout: 900,
      DurableConfig: { ExecutionTimeout: 14 * 24 * 60 * 60, RetentionPeriodInDays: 7 },
    });
    const jobs = resourceOf(stack, "AWS::DynamoDB::Table", "Sessionsjobstable").id;
    expect(job.Environment.Variables["JOBS_TABLE"]).toEqual({ Ref: jobs });
  });

  it("is told the jobs table and the function that logs out lists, where it answers calls about jobs", () => {
    const { Timeout, Environment } = propertiesOf("jobs");
    expect(Timeout).toBeLessThan(30);
    expect(Environment.Variables).toMatchObject({
      JOBS_TABLE: { Ref: resourceOf(stack, "AWS::DynamoDB::Table", "Sessionsjobstable").id },
      RUN_JOB_FUNCTION: { Ref: resourceOf(stack, "AWS::Lambda::Function", "Sessionsrunjob").id },
    });
  });

  it("answers before an HTTP API stops waiting, which is after 30 seconds", () => {
    for (const id of FUNCTION_IDS) expect(propertiesOf(id).Timeout).toBeLessThan(30);
  });

  it("has a whole vCPU, which is 1769 MB, where it hashes passwords", () => {
    expect(propertiesOf("login").MemorySize).toBeGreaterThanOrEqual(1769);
  });
});

const environmentOf = (id: string): Record<string, string> => ({
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.eu-central-1.amazonaws.com",
  SESSIONS_TABLE: "sessions",
  USERS_TABLE: "users",
  SIGN_IN_TABLE: "sign-in",
  ACTIVITY_TABLE: "activity",
  JOBS_TABLE: "jobs",
  RUN_JOB_FUNCTION: "run-job",
  EVENT_BUS: "default",
  UNTOLD_EVENTS_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/untold",
  SINGLE_SESSION_SETTINGS: JSON.stringify({
    ...settingsOf(stack),
    policy: { policyExport: "oneForStaff" },
  }),
  POWERTOOLS_SERVICE_NAME: id,
  POWERTOOLS_METRICS_NAMESPACE: "SingleSession",
});

describe("the bundles", () => {
  let folders: Record<string, string>;
  let outdir: string;

  beforeAll(() => {
    const app = newApp({});
    const withCode = new SingleSessionStack(app, "SingleSession", {
      sessions: { singleUserSession: "./test/infra/fixtures/policy.ts#oneForStaff" },
    });
    outdir = app.synth().directory;
    folders = Object.fromEntries(
      Object.values(resourcesOf(withCode, FUNCTION)).map(({ Properties }) => {
        const { Code, Environment } = Properties as unknown as {
          Code: { S3Key: string };
        } & FunctionProperties;
        const folder = join(outdir, `asset.${Code.S3Key.replace(".zip", "")}`);
        return [String(Environment.Variables["POWERTOOLS_SERVICE_NAME"]), folder];
      }),
    );
  });

  const sourcesOf = (id: string): readonly string[] =>
    (JSON.parse(readFileSync(join(folders[id] ?? "", "index.mjs.map"), "utf8")) as { sources: string[] })
      .sources;

  it.each(DEFAULT_FUNCTION_IDS)(
    "of %s is a module that exports a handler and brings all it imports",
    (id) => {
      const file = join(folders[id] ?? "", "index.mjs");
      const script = `import(${JSON.stringify(file)}).then(({ handler }) => console.log(typeof handler))`;
      const child = spawnSync(process.execPath, ["-e", script], {
        cwd: "/",
        encoding: "utf8",
        env: environmentOf(id),
      });
      expect(child.stdout + child.stderr).toBe("function\n");
    },
  );

  it("are decided on without loading Node's modules, some of which warn that they are deprecated", () => {
    const file = new URL("../../infra/bundle-aliases.ts", import.meta.url).href;
    const child = spawnSync(process.execPath, ["-e", `import(${JSON.stringify(file)})`], {
      encoding: "utf8",
    });
    expect(child).toMatchObject({ status: 0, stderr: "" });
  });

  it("tell of a fault by the places in the sources, though they are minified", () => {
    const file = join(folders["validate"] ?? "", "index.mjs");
    const event = eventV2({ headers: { authorization: `Bearer ${"a".repeat(43)}` } });
    const script = `import(${JSON.stringify(file)}).then(({ handler }) => handler(${JSON.stringify(event)}, {}))`;
    const { stderr } = spawnSync(process.execPath, ["-e", script], {
      encoding: "utf8",
      env: { ...environmentOf("validate"), AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" },
    });
    const { fault } = JSON.parse(stderr) as { fault: { name: string; stack: string } };
    expect(fault.name).toBe("StoreUnavailableError");
    expect(fault.stack).toMatch(/src\/dynamodb\/faults\.ts:\d+:\d+/);
    expect(fault.stack).not.toContain("index.mjs");
  });

  it("have the policy function in the login function's and in no other", () => {
    const having = DEFAULT_FUNCTION_IDS.filter((id) =>
      readFileSync(join(folders[id] ?? "", "index.mjs"), "utf8").includes("the-policy-fixture"),
    );
    expect(having).toEqual(["login"]);
  });

  it("come with a source map that names the project's files from its root, wherever they were written", () => {
    const files = readdirSync(folders["login"] ?? "").sort();
    expect(files).toEqual(["index.mjs", "index.mjs.map"]);
    expect(sourcesOf("login")).toContain("functions/login.ts");
  });

  it("hold nothing of other functions, though one module wires all of them", () => {
    for (const id of DEFAULT_FUNCTION_IDS) {
      const handlers = sourcesOf(id).filter((source) => /^functions\/.*-handler\.ts$/.test(source));
      expect(handlers).toEqual([`functions/${id}-handler.ts`]);
    }
    expect(sourcesOf("validate").filter((source) => source.startsWith("src/identity/"))).toEqual([]);
  });
});
