import { UpdateTableCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import {
  createDirectoryTable,
  createSessionsTable,
  createSignInTable,
  sdkClient,
} from "../support/dynamodb.ts";
import { startTestStack } from "../support/local-stack.ts";
import { startCloudFormation, type FakeStack } from "./cloudformation.ts";
import { queueUrl, startAccount, type FakeAccount } from "./lambda-control-plane.ts";
import { startRewritingProxy } from "./rewriting-proxy.ts";
import { operatorsOutput, runCommand, type LocalAnswer } from "./run-users.ts";

interface Report {
  readonly code: number | null;
  readonly checks: Readonly<Record<string, { level: string; seen: string; todo?: string }>>;
}

async function report(args: readonly string[], env: Record<string, string> = {}): Promise<Report> {
  const { code, stdout, stderr } = await runCommand("cli/sessions.ts", ["doctor", "--json", ...args], {
    env,
  });
  expect(stderr).toBe("");
  const { checks } = JSON.parse(stdout) as { checks: { check: string; level: string; seen: string }[] };
  return { code, checks: Object.fromEntries(checks.map(({ check, ...verdict }) => [check, verdict])) };
}

test("of a local stack nothing fails, and what only a deployed one has is skipped with the reason", async () => {
  const stack = await startTestStack();
  try {
    const { code, checks } = await report(["--port", String(stack.port)]);
    expect(code).toBe(0);
    expect(checks["sessions table: stream"]).toEqual({ level: "ok", seen: "on, with new and old images" });
    expect(checks["tables: time to live"]?.seen).toBe("on for sessions, sign-in, activity, jobs");
    expect(checks["authorize reads the table"]?.level).toBe("ok");
    expect(checks["functions: runtime"]).toEqual({
      level: "skipped",
      seen: "a local stack has none of it",
    });
    expect(Object.values(checks).filter(({ level }) => level === "warn" || level === "fail")).toEqual([]);
  } finally {
    await stack.stop();
  }
});

describe("of a deployed stack", () => {
  const stacks: Record<string, FakeStack> = {};
  const account: FakeAccount = { functions: {}, concurrency: {}, mappings: [], queues: {}, forbidden: [] };
  let tables: { sessions: string; users: string; signIn: string };
  let servers: LocalAnswer[];
  let env: Record<string, string>;
  /** Whether what DynamoDB Local does not have is on. */
  let isProtected = true;

  beforeAll(async () => {
    tables = {
      sessions: await createSessionsTable(),
      users: await createDirectoryTable(),
      signIn: await createSignInTable(),
    };
    const client = sdkClient();
    const stream = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const };
    await client.send(new UpdateTableCommand({ TableName: tables.sessions, StreamSpecification: stream }));
    for (const TableName of [tables.sessions, tables.signIn]) {
      const on = { Enabled: true, AttributeName: "ttl" };
      await client
        .send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: on }))
        .catch(() => undefined);
    }
    client.destroy();
    const database = await startRewritingProxy(testDatabaseEndpoint(), (answer) => {
      const status = isProtected ? "ENABLED" : "DISABLED";
      const recovery = { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status } };
      if (answer.body.includes("UnknownOperationException")) {
        answer.status = 200;
        answer.body = JSON.stringify({ ContinuousBackupsDescription: recovery });
      }
      const protection = /"DeletionProtectionEnabled":\w+/;
      answer.body = answer.body.replace(protection, `"DeletionProtectionEnabled":${isProtected}`);
    });
    const cloudFormation = await startCloudFormation(stacks);
    const lambda = await startAccount(account);
    servers = [database, cloudFormation, lambda];
    env = {
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://localhost:${cloudFormation.port}`,
      AWS_ENDPOINT_URL_DYNAMODB: database.url,
      AWS_ENDPOINT_URL_LAMBDA: `http://localhost:${lambda.port}`,
      AWS_ENDPOINT_URL_SQS: `http://localhost:${lambda.port}`,
    };
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  beforeEach(() => {
    isProtected = true;
    const environment = {
      SESSIONS_TABLE: tables.sessions,
      USERS_TABLE: tables.users,
      SINGLE_SESSION_SETTINGS: JSON.stringify({ era: "1" }),
    };
    const deployed = (more: object = {}, variables: object = {}) => ({
      State: "Active",
      LastUpdateStatus: "Successful",
      Runtime: "nodejs24.x",
      LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN" },
      Environment: { Variables: { ...environment, ...variables } },
      ...more,
    });
    Object.assign(account, {
      functions: {
        "login-1": deployed(),
        "outbox-1": deployed({}, { EVENT_BUS: "default", UNTOLD_EVENTS_QUEUE: queueUrl("untold") }),
        "other-1": { Runtime: "nodejs18.x" },
      },
      concurrency: {},
      mappings: [{ UUID: "1", State: "Enabled", LastProcessingResult: "OK" }],
      queues: {},
      forbidden: [],
    });
    const { sessions: sessionsTable, users: usersTable, signIn: signInTable } = tables;
    stacks["own"] = {
      outputs: { A: operatorsOutput({ sessionsTable, usersTable, signInTable }) },
      resources: {
        Login: ["AWS::Lambda::Function", "login-1"],
        Outbox: ["AWS::Lambda::Function", "outbox-1"],
        Other: ["AWS::Lambda::Function", "other-1"],
        Errors: ["AWS::CloudWatch::Alarm", "own-errors"],
        Part: ["AWS::CloudWatch::Alarm", "own-slo-fast"],
        Whole: ["AWS::CloudWatch::CompositeAlarm", "own-slo"],
      },
      template: {
        Resources: {
          Errors: { Type: "AWS::CloudWatch::Alarm", Properties: { AlarmActions: ["arn:aws:sns:x"] } },
          // A part notifies nobody by itself.
          Part: { Type: "AWS::CloudWatch::Alarm", Properties: { ActionsEnabled: false } },
          Whole: {
            Type: "AWS::CloudWatch::CompositeAlarm",
            Properties: {
              AlarmActions: ["arn:aws:sns:x"],
              AlarmRule: { "Fn::Join": ["", ['ALARM("', { "Fn::GetAtt": ["Part", "Arn"] }, '")']] },
            },
          },
        },
      },
    };
  });

  const look = (...args: string[]) => report(["--stack", "own", "--region", "eu-central-1", ...args], env);

  test("that is as it was deployed, everything is ok", async () => {
    const { code, checks } = await look("--strict");
    expect(Object.entries(checks).filter(([, { level }]) => level !== "ok")).toEqual([]);
    expect(code).toBe(0);
    expect(Object.keys(checks)).toHaveLength(16);
  });

  test("what is broken fails, each with what to do", async () => {
    account.functions["login-1"] = {
      ...account.functions["login-1"],
      State: "Failed",
      Environment: { Variables: { SESSIONS_TABLE: tables.sessions, SINGLE_SESSION_SETTINGS: '{"era":"2"}' } },
    };
    account.concurrency["outbox-1"] = 0;
    account.mappings = [{ UUID: "1", State: "Disabled" }];
    account.queues["failures"] = 3;
    const { code, checks } = await look();
    expect(code).toBe(1);
    const failed = Object.entries(checks).filter(([, { level }]) => level === "fail");
    expect(failed.map(([name]) => name)).toEqual([
      "functions: settings",
      "functions: state",
      "functions: open for calls",
      "events: the stream's reader",
      "queues of what failed",
    ]);
    for (const [, { todo }] of failed) expect(todo).toMatch(/\w/);
    expect(checks["functions: settings"]?.seen).toContain("login-1");
    expect(checks["events: the stream's reader"]?.todo).toContain("--enabled --uuid 1");
    expect(checks["queues of what failed"]?.seen).toBe("3 revocations were not carried out");
  });

  test("what is only unwise is a warning: exit code 0, and 1 with --strict", async () => {
    isProtected = false;
    account.functions["login-1"] = {
      ...account.functions["login-1"],
      Runtime: "nodejs20.x",
      LoggingConfig: { LogFormat: "Text" },
    };
    account.queues["untold"] = 2;
    account.forbidden = ["end-session", "login"];
    stacks["own"] = {
      ...stacks["own"],
      template: { Resources: { Errors: { Type: "AWS::CloudWatch::Alarm", Properties: {} } } },
    };
    const { code, checks } = await look();
    expect(code).toBe(0);
    const warned = Object.entries(checks).filter(([, { level }]) => level === "warn");
    expect(warned.map(([name]) => name)).toEqual([
      "tables: point-in-time recovery",
      "tables: deletion protection",
      "functions: runtime",
      "functions: log lines",
      "your permission to invoke",
      "queues of what failed",
      "alarms: somebody hears them",
    ]);
    expect(checks["alarms: somebody hears them"]?.seen).toContain("own-errors");
    expect((await look("--strict")).code).toBe(1);
  });

  test("what nobody may look at is a warning with the reason", async () => {
    const gone = await report(["--stack", "own", "--region", "eu-central-1"], {
      ...env,
      AWS_ENDPOINT_URL_SQS: "http://localhost:1",
      AWS_MAX_ATTEMPTS: "1",
    });
    expect(gone.code).toBe(0);
    expect(gone.checks["queues of what failed"]?.seen).toMatch(
      /^not looked at: .*ECONNREFUSED|^not looked at/,
    );
  });
});
