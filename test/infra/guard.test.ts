import { setTimeout as sleep } from "node:timers/promises";
import { App, Stack } from "aws-cdk-lib";
import { Annotations, Match, Template as CdkTemplate } from "aws-cdk-lib/assertions";
import { Role as IamRole, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "../../guard/index.ts";
import { SettingError, SingleSession, type SingleSessionProps } from "../../infra/index.ts";
import { resolveIntrinsics } from "../../local/model/intrinsics.ts";
import { decodeGuardSettings } from "../../src/runtime/function-settings.ts";
import { guardEnvironment, startGuarded } from "../guard/support.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { deniedBy, unusedIn } from "../support/iam/evaluate.ts";
import { iamRequestsOf, shapesOf, type IamRequest } from "../support/iam/requests.ts";
import { rolesIn, type Template } from "../support/iam/roles.ts";
import { constructIn, newApp, resourceOf, resourcesOf, WITHOUT_CODE, type Statement } from "./support.ts";

const FUNCTION = "AWS::Lambda::Function";
const ROLE = "AWS::IAM::Policy";

const lambdaIn = (stack: Stack, id = "Reports", role?: IamRole): LambdaFunction =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline("exports.handler = () => undefined"),
    environment: { MINE: "stays" },
    // By which `rolesIn` finds it.
    description: "Single session: reports",
    ...(role && { role }),
  });

/** The construct with a function of somebody's own that it protects. */
function protectedIn(props: SingleSessionProps = {}) {
  const { stack, sessions } = constructIn(props);
  const reports = lambdaIn(stack);
  sessions.protect(reports);
  return { stack, sessions, reports };
}

const variablesOf = (stack: Stack, prefix = "Reports"): Record<string, unknown> =>
  (
    resourceOf(stack, FUNCTION, prefix).Properties["Environment"] as {
      Variables: Record<string, unknown>;
    }
  ).Variables;

const statementsOf = (stack: Stack, prefix = "Reports"): readonly Statement[] =>
  (resourceOf(stack, ROLE, prefix).Properties["PolicyDocument"] as { Statement: Statement[] }).Statement;

describe("a function that is protected", () => {
  it("is told the table and the settings in two variables, and keeps its own", () => {
    const { stack } = protectedIn({
      era: "7",
      allowedOrigins: ["https://app.example.com"],
      publicOrigin: "https://x.example/auth",
    });
    const { MINE, ...ours } = variablesOf(stack);
    expect(MINE).toBe("stays");
    expect(Object.keys(ours)).toEqual(["SINGLE_SESSION_GUARD_TABLE", "SINGLE_SESSION_GUARD_SETTINGS"]);
    const table = resourceOf(stack, "AWS::DynamoDB::Table", "Sessionssessionstable").id;
    const references = new Map([
      [table, { ref: "sessions-table", attributes: {} }],
      ["AWS::Region", { ref: "eu-west-1", attributes: {} }],
      ["AWS::URLSuffix", { ref: "amazonaws.com", attributes: {} }],
    ]);
    const deployed = (name: string) => resolveIntrinsics(ours[name], { references }, name) as string;
    expect(JSON.parse(deployed("SINGLE_SESSION_GUARD_TABLE"))).toEqual({
      name: "sessions-table",
      region: "eu-west-1",
      endpoint: "https://dynamodb.eu-west-1.amazonaws.com",
    });
    expect(decodeGuardSettings(deployed("SINGLE_SESSION_GUARD_SETTINGS"))).toEqual({
      era: "7",
      timeouts: { idle: 1_800_000, absolute: 43_200_000 },
      logoutAllSessions: true,
      places: true,
      allowedOrigins: ["https://app.example.com"],
      publicOrigin: "https://x.example/auth",
    });
  });

  it("may read sessions and endings and record activity, as validating may, and nothing else", () => {
    const { stack } = protectedIn();
    const table = resourceOf(stack, "AWS::DynamoDB::Table", "Sessionssessionstable").id;
    expect(statementsOf(stack)).toEqual([
      {
        Effect: "Allow",
        Action: "dynamodb:GetItem",
        Resource: { "Fn::GetAtt": [table, "Arn"] },
        Condition: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["session#*", "ended#*"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      },
      {
        Effect: "Allow",
        Action: "dynamodb:UpdateItem",
        Resource: { "Fn::GetAtt": [table, "Arn"] },
        Condition: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["session#*"] },
          "ForAllValues:StringEquals": {
            "dynamodb:Attributes": ["pk", "lastSeenAt", "idleExpiresAt", "place", "suspectedAt"],
          },
          Null: { "dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false" },
        },
      },
    ]);
  });

  it("may use a key of one's own, by way of DynamoDB only", () => {
    const { stack } = constructIn();
    const encryptionKey = new Key(stack, "Key");
    const sessions = new SingleSession(stack, "Encrypted", { encryptionKey });
    sessions.protect(lambdaIn(stack));
    const key = statementsOf(stack).find(({ Action }) => [Action].flat().includes("kms:Decrypt"));
    expect(JSON.stringify(key)).toMatch(/"kms:ViaService":.*dynamodb\./);
    expect(JSON.stringify(key)).not.toContain("sqs");
  });

  it("may be a NodejsFunction, an alias or a version, which stand for their function", () => {
    const { stack, sessions } = constructIn();
    const nodejs = new NodejsFunction(stack, "Nodejs", {
      entry: "functions/validate.ts",
      runtime: Runtime.NODEJS_24_X,
    });
    const [aliased, versioned] = [lambdaIn(stack, "Aliased"), lambdaIn(stack, "Versioned")];
    sessions.protect(nodejs);
    sessions.protect(aliased.addAlias("live"));
    sessions.protect(versioned.currentVersion);
    for (const id of ["Nodejs", "Aliased", "Versioned"]) {
      expect(variablesOf(stack, id)).toHaveProperty("SINGLE_SESSION_GUARD_TABLE");
      expect(statementsOf(stack, id)).toHaveLength(2);
    }
  });

  it("may be protected twice by the same sessions, and not by others", () => {
    const { stack, sessions, reports } = protectedIn();
    sessions.protect(reports);
    expect(statementsOf(stack)).toHaveLength(2);
    const others = new SingleSession(stack, "Others");
    const protect = () => others.protect(reports);
    expect(protect).toThrow(SettingError);
    expect(protect).toThrow("protected by Mine/Sessions already");
  });

  it("may lie in another stack, which then needs that of the sessions", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions = new SingleSession(new Stack(app, "Below"), "Sessions");
    const above = new Stack(app, "Above");
    sessions.protect(lambdaIn(above));
    expect(statementsOf(above)).toHaveLength(2);
    expect(above.dependencies.map(({ stackName }) => stackName)).toEqual(["Below"]);
  });

  it("is not an imported one: the error says what to do instead", () => {
    const { stack, sessions } = constructIn();
    const lambda = LambdaFunction.fromFunctionName(stack, "Imported", "theirs");
    expect(() => sessions.protect(lambda)).toThrow(SettingError);
    expect(() => sessions.protect(lambda)).toThrow("sessions.guardEnvironment");
    expect(() => sessions.protect(lambda)).toThrow("sessions.grantGuard");
  });
});

it("what is no function gets the same environment and grants", () => {
  const { stack, sessions } = protectedIn();
  const role = new IamRole(stack, "Task", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });
  expect(sessions.grantGuard(role).success).toBe(true);
  expect(statementsOf(stack, "Task")).toEqual(statementsOf(stack));
  const environment = stack.resolve(sessions.guardEnvironment) as object;
  expect(variablesOf(stack)).toEqual({ MINE: "stays", ...environment });
});

/** The kinds of items that a statement is about. */
const leadingKeys = (condition: unknown): readonly string[] =>
  (condition as { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": string[] } })[
    "ForAllValues:StringLike"
  ]["dynamodb:LeadingKeys"];

it("is told where callers may send a provider's access tokens, and may read what such a guard does", () => {
  const cognito = { userPoolId: "eu-central-1_abc", clientId: "client" };
  const told = (accessTokens: boolean) => {
    const { stack } = protectedIn({
      identity: [{ cognito: { ...cognito, ...(accessTokens && { accessTokens }) } }],
    });
    const settings = JSON.stringify(variablesOf(stack)["SINGLE_SESSION_GUARD_SETTINGS"]);
    return {
      notes: Annotations.fromStack(stack).findInfo("*", Match.stringLikeRegexp("createGuard")).length,
      settings: settings.includes("accessTokens"),
      reads: statementsOf(stack).flatMap(({ Action, Condition }) =>
        Action === "dynamodb:UpdateItem" ? [] : leadingKeys(Condition),
      ),
    };
  };
  expect(told(true)).toEqual({
    notes: 1,
    settings: true,
    reads: ["session#*", "ended#*", "user#*", "user#*", "ended#*", "signin#*", "signout#*"],
  });
  expect(told(false)).toEqual({ notes: 0, settings: false, reads: ["session#*", "ended#*"] });
});

describe("imported sessions", () => {
  const tableArn = "arn:aws:dynamodb:eu-north-1:123456789012:table/theirs";
  const encryptionKeyArn = "arn:aws:kms:eu-north-1:123456789012:key/1";
  const imported = (attributes: object) => {
    const stack = new Stack(new App(), "Mine");
    return { stack, sessions: SingleSession.fromAttributes(stack, "Imported", attributes) };
  };

  it("protect by the table's ARN, its key's, and the settings as text", () => {
    const guardSettings = '{"era":"1"}';
    const { stack, sessions } = imported({ sessionsTableArn: tableArn, encryptionKeyArn, guardSettings });
    sessions.protect(lambdaIn(stack));
    const { SINGLE_SESSION_GUARD_TABLE: table, SINGLE_SESSION_GUARD_SETTINGS: settings } = variablesOf(stack);
    expect(settings).toBe(guardSettings);
    expect(JSON.stringify(table)).toContain("eu-north-1");
    expect(JSON.stringify(table)).toContain("theirs");
    const resources = statementsOf(stack).map(({ Resource }) => Resource);
    expect(resources).toEqual([tableArn, tableArn, encryptionKeyArn]);
  });

  it.each([
    [{ guardSettings: "{}" }, "sessionsTableArn"],
    [{ sessionsTableArn: tableArn }, "guardSettings"],
  ])("given only %j say what is missing", (attributes, missing) => {
    const { stack, sessions } = imported(attributes);
    const lambda = lambdaIn(stack);
    expect(() => sessions.protect(lambda)).toThrow(SettingError);
    expect(() => sessions.protect(lambda)).toThrow(missing);
  });

  it("refuse a key that is none", () => {
    expect(() => imported({ encryptionKeyArn: tableArn })).toThrow("the ARN of a KMS key");
  });
});

/**
 * The requests that the guard really makes, evaluated against the grants by an implementation of IAM that is
 * not ours.
 */
describe("the grants", () => {
  const { stack, sessions } = constructIn();
  const assumedBy = new ServicePrincipal("lambda.amazonaws.com");
  sessions.protect(lambdaIn(stack, "Reports", new IamRole(stack, "ReportsRole", { assumedBy })));
  const template = CdkTemplate.fromStack(stack).toJSON() as unknown as Template;
  const role = rolesIn(template).find(({ name }) => name === "reports")!;
  const table = Object.keys(resourcesOf(stack, "AWS::DynamoDB::Table")).find((id) =>
    id.includes("sessions"),
  )!;
  let requests: readonly IamRequest[];

  beforeAll(async () => {
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    const guarded = await startGuarded();
    // Its sessions are idle almost at once, so that each check records activity.
    const timeouts = { idle: 10_000, absolute: 43_200_000 };
    const guard = createGuard({
      environment: guardEnvironment(guarded.tableName, { timeouts, places: true }, proxy.endpoint),
    });
    const token = await guarded.logIn("alice");
    const authorization = `Bearer ${token}`;
    const touches = () => proxy.answered.filter(({ operation }) => operation === "UpdateItem").length;
    // By two clients in turns, until they are suspected.
    for (let checks = 0; touches() < 5; checks++) {
      if (checks > 200) throw new Error("the checks did not record activity");
      await sleep(100);
      const agent = touches() % 2 === 0 ? "curl/8.4.0" : "PostmanRuntime/7.0";
      await guard.check({ cookie: `__Host-session=${token}`, "user-agent": agent }, { method: "GET" });
    }
    await guarded.logIn("alice");
    expect(await guard.check({ authorization })).toMatchObject({ problem: { code: "session_displaced" } });
    requests = shapesOf(proxy.answered.flatMap(iamRequestsOf)).map((request) => ({ ...request, table }));
    await proxy.stop();
  });

  it("allow every request of a guard, and nothing that none of them needs", async () => {
    expect(new Set(requests.map(({ action }) => action))).toEqual(
      new Set(["dynamodb:GetItem", "dynamodb:UpdateItem"]),
    );
    expect(await deniedBy(role, requests)).toEqual([]);
    expect(unusedIn(role, requests)).toEqual([]);
  });

  const attempt = async (action: string, key: string, attributes?: string[]) => {
    const request: IamRequest = {
      functionId: role.functionId,
      action: `dynamodb:${action}`,
      table,
      context: { "dynamodb:LeadingKeys": [key], ...(attributes && { "dynamodb:Attributes": attributes }) },
    };
    return (await deniedBy(role, [request])).length === 0 ? "allowed" : "denied";
  };

  it.each([
    ["GetItem", "user#alice"],
    ["GetItem", "other"],
    ["PutItem", "session#x", ["pk", "userId"]],
    ["DeleteItem", "session#x"],
    ["UpdateItem", "session#x", ["pk", "expiresAt"]],
    ["UpdateItem", "session#x", ["pk", "userId", "lastSeenAt"]],
    ["UpdateItem", "ended#x", ["pk", "lastSeenAt"]],
    ["UpdateItem", "user#alice", ["pk", "lastSeenAt"]],
    ["Query", "session#x"],
    ["Scan", "session#x"],
    ["BatchWriteItem", "session#x", ["pk"]],
    ["BatchGetItem", "session#x"],
    ["ConditionCheckItem", "session#x"],
    ["PartiQLSelect", "session#x"],
  ] as [string, string, string[]?][])("do not allow %s of %s with %j", async (action, key, attributes) => {
    expect(await attempt(action, key, attributes)).toBe("denied");
  });
});
