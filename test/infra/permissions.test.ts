import { describe, expect, it } from "vitest";
import {
  asList,
  constructIn,
  DEFAULT_FUNCTION_IDS,
  resourceOf,
  resourcesOf,
  type Statement,
} from "./support.ts";

const { stack } = constructIn();
const tableNames = {
  [resourceOf(stack, "AWS::DynamoDB::Table", "Sessionssessionstable").id]: "sessions",
  [resourceOf(stack, "AWS::DynamoDB::Table", "Sessionsuserstable").id]: "users",
  [resourceOf(stack, "AWS::DynamoDB::Table", "Sessionssignintable").id]: "sign-in",
  [resourceOf(stack, "AWS::DynamoDB::Table", "Sessionsactivitytable").id]: "activity",
  [resourceOf(stack, "AWS::DynamoDB::Table", "Sessionsjobstable").id]: "jobs",
  [resourceOf(stack, "AWS::SQS::Queue", "Sessionsrevocationfailures").id]: "failures",
  [resourceOf(stack, "AWS::SQS::Queue", "Sessionsuntoldevents").id]: "untold",
  [resourceOf(stack, "AWS::S3::Bucket").id]: "crashes",
  [resourceOf(stack, "AWS::Lambda::Function", "Sessionsrunjob").id]: "run-job",
};

/** ARNs that are built. */
const NAMED: Readonly<Record<string, string>> = {
  "event-bus/default": "default bus",
  "channelNamespace/sessions": "namespace sessions",
};

function statementsOf(id: string): readonly Statement[] {
  const policy = resourceOf(stack, "AWS::IAM::Policy", `Sessions${id.replaceAll("-", "")}policy`);
  return (policy.Properties["PolicyDocument"] as { Statement: Statement[] }).Statement;
}

/** A statement's resource in short: `sessions`, `sessions/index/byUser`, or the logical id as it is. */
function shortName(resource: unknown): string {
  const { "Fn::GetAtt": arn, "Fn::Join": join } = resource as {
    "Fn::GetAtt"?: [string, string];
    "Fn::Join"?: [string, [unknown, string]];
  };
  if (arn) return tableNames[arn[0]] ?? arn[0];
  const named = / (event-bus\/default|channelNamespace\/sessions)$/.exec(
    join?.[1]
      .map((part) => (typeof part === "string" ? part.replace(/^.*[:/](?=event|channel)/, " ") : ""))
      .join("") ?? "",
  )?.[1];
  if (named !== undefined) return NAMED[named] ?? named;
  if (join) return shortName(join[1][0]) + join[1][1];
  return JSON.stringify(resource);
}

/** The kinds of items that a statement is confined to: ` session# ended#`. */
const kindsOf = (condition: unknown): string =>
  ((condition ?? {}) as { "ForAllValues:StringLike"?: { "dynamodb:LeadingKeys": string[] } })[
    "ForAllValues:StringLike"
  ]?.["dynamodb:LeadingKeys"]
    .map((pattern) => ` ${pattern.replace("*", "")}`)
    .join("") ?? "";

/** All that a function's role allows, as `action table kinds`. */
function allowed(id: string): string[] {
  return statementsOf(id)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      asList(Action).flatMap((action) =>
        asList(Resource).map((resource) => `${Effect} ${action} ${shortName(resource)}${kindsOf(Condition)}`),
      ),
    )
    .filter((entry) => !entry.startsWith("Allow logs:"))
    .map((entry) => entry.replace("Allow dynamodb:", ""))
    .sort();
}

const COMMIT = ["GetItem sessions", "DeleteItem sessions session#"];
const END = [...COMMIT, "PutItem sessions user# ended#"];
const LOG_IN = [...COMMIT, "PutItem sessions user# session# ended#"];
const THROTTLE = [
  "GetItem sign-in device#",
  "PutItem sign-in device#",
  "UpdateItem sign-in failures#",
  "DeleteItem sign-in failures#",
];
const KEEP_ACTIVITY = ["PutItem activity event#", "UpdateItem activity hours"];
const VALIDATE = ["GetItem sessions", "UpdateItem sessions session#"];

describe("each function's role", () => {
  it.each<[(typeof DEFAULT_FUNCTION_IDS)[number], string[]]>([
    ["login", [...LOG_IN, ...THROTTLE, ...KEEP_ACTIVITY, "ConditionCheckItem users", "GetItem users"]],
    ["logout", END],
    [
      "end-session",
      [...END, "PutItem activity event#", "ConditionCheckItem sessions session#", "GetItem users"],
    ],
    ["validate", VALIDATE],
    ["authorize", VALIDATE],
    [
      "admin-logout",
      [
        "GetItem sessions",
        "BatchGetItem sessions",
        "BatchWriteItem sessions session# ended#",
        "BatchGetItem users",
        "GetItem users",
        "Allow sqs:SendMessage failures",
        "PutItem activity event#",
      ],
    ],
    [
      "list-sessions",
      [
        "BatchGetItem sessions",
        "GetItem sessions",
        "GetItem users",
        "Query sessions/index/byUser",
        "Query sessions/index/endingsByUser",
        "Scan sessions/index/byUser",
      ],
    ],
    [
      "outbox",
      [
        "BatchGetItem sessions ended#",
        "GetItem sessions session# ended#",
        "DescribeStream sessions",
        "GetRecords sessions",
        "GetShardIterator sessions",
        "ListStreams sessions/stream/*",
        "Allow events:PutEvents default bus",
        "Allow sqs:SendMessage untold",
        "Allow appsync:EventPublish namespace sessions",
        "Allow s3:ListBucket crashes",
        "Allow s3:PutObject crashes/*",
        ...KEEP_ACTIVITY,
        "GetItem activity suspect#",
        "PutItem activity suspect#",
      ],
    ],
    [
      "activity",
      [
        "GetItem sessions",
        "GetItem users",
        "Query activity hours",
        "Query activity/index/byList",
        "Query activity/index/byUser",
      ],
    ],
    [
      "recount",
      ["UpdateItem activity hours", "Query activity hours", "Query activity/index/byList", "Scan sessions"],
    ],
    ["push-authorize", []],
    [
      "run-job",
      [
        "BatchGetItem sessions",
        "BatchWriteItem sessions session# ended#",
        "BatchGetItem users",
        "GetItem jobs",
        "UpdateItem jobs",
        "PutItem jobs step#",
        "Query jobs step#",
      ],
    ],
    [
      "jobs",
      [
        "GetItem sessions",
        "GetItem users",
        "PutItem activity event#",
        "GetItem jobs jobs",
        "Query jobs jobs",
        "UpdateItem jobs jobs",
        "PutItem jobs jobs step#",
        "Allow lambda:InvokeFunction run-job",
        "Allow lambda:InvokeFunction run-job:$LATEST",
      ],
    ],
  ])("allows %s exactly what it does", (id, actions) => {
    expect(allowed(id)).toEqual(actions.toSorted());
  });

  it.each(DEFAULT_FUNCTION_IDS)("lets %s write to its own log and no other", (id) => {
    const log = resourceOf(stack, "AWS::Logs::LogGroup", `Sessions${id.replaceAll("-", "")}log`).id;
    const logging = statementsOf(id).filter(({ Action }) =>
      asList(Action).some((name) => name.startsWith("logs:")),
    );
    expect(logging).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: { "Fn::GetAtt": [log, "Arn"] },
      },
    ]);
  });

  it("of the job's function lets it write down its own progress, which needs its name and so comes after it", () => {
    const lambda = resourceOf(stack, "AWS::Lambda::Function", "Sessionsrunjob").id;
    const { Statement } = resourceOf(stack, "AWS::IAM::Policy", "Sessionsrunjobprogress").Properties[
      "PolicyDocument"
    ] as { Statement: Statement[] };
    expect(Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
        Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": [lambda, "Arn"] }, ":*"]] },
      },
    ]);
  });

  it("has no managed policy, and no second policy but that one", () => {
    const roles = Object.values(resourcesOf(stack, "AWS::IAM::Role"));
    // And one by which AppSync writes its errors.
    expect(roles).toHaveLength(DEFAULT_FUNCTION_IDS.length + 1);
    for (const role of roles) expect(role.Properties["ManagedPolicyArns"]).toBeUndefined();
    expect(Object.keys(resourcesOf(stack, "AWS::IAM::Policy"))).toHaveLength(roles.length + 1);
  });

  it.each(["validate", "authorize"])(
    "lets %s update session items only, and of them the activity only",
    (id) => {
      const update = statementsOf(id).find(({ Action }) => asList(Action).includes("dynamodb:UpdateItem"));
      expect(update?.Condition).toEqual({
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["session#*"] },
        "ForAllValues:StringEquals": {
          "dynamodb:Attributes": ["pk", "lastSeenAt", "idleExpiresAt", "place", "suspectedAt"],
        },
        Null: { "dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false" },
      });
    },
  );
});

describe("grants of direct invocation", () => {
  it("allow the one function", async () => {
    const { Role, ServicePrincipal } = await import("aws-cdk-lib/aws-iam");
    const mine = constructIn();
    const backend = new Role(mine.stack, "Backend", {
      assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com"),
    });
    const operator = new Role(mine.stack, "Operator", {
      assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com"),
    });
    mine.sessions.grantInvokeLogin(backend);
    mine.sessions.grantInvokeAdminLogout(operator);
    const granted = (prefix: string) =>
      JSON.stringify(resourceOf(mine.stack, "AWS::IAM::Policy", prefix).Properties["PolicyDocument"]);
    const functionId = (id: string) => resourceOf(mine.stack, "AWS::Lambda::Function", `Sessions${id}`).id;
    expect(granted("Backend")).toContain(functionId("login"));
    expect(granted("Backend")).not.toContain(functionId("adminlogout"));
    expect(granted("Operator")).toContain(functionId("adminlogout"));
    expect(granted("Operator")).not.toContain(functionId("login"));
  });
});
