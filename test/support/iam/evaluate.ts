import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { IamRequest } from "./requests.ts";
import { ACCOUNT, tableArn, type Role, type Statement } from "./roles.ts";

/**
 * Actions that AWS's services perform with a function's role, so that no request of the function shows them,
 * by who does it. A statement that has any other action is judged whole.
 */
const USED_BY_THE_PLATFORM: Readonly<Record<string, readonly string[]>> = {
  "Lambda writes the function's log": ["logs:CreateLogStream", "logs:PutLogEvents"],
  "Lambda delivers asynchronous invocations that failed": ["sqs:SendMessage"],
  "Lambda reads the stream of a table": [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
  "Lambda keeps what it gave up of a stream": ["s3:ListBucket", "s3:PutObject"],
  "Lambda connects the function to a VPC": [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ],
  "The SDK of durable functions writes down and reads the progress of an execution": [
    "lambda:CheckpointDurableExecution",
    "lambda:GetDurableExecutionState",
  ],
  "Lambda sends traces": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  "DynamoDB uses the key of a table in the name of who asks": [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ],
};
const PLATFORM_ACTIONS = Object.values(USED_BY_THE_PLATFORM).flat();

/** The requests that a role does not allow, in short. */
export async function deniedBy(role: Role, requests: readonly IamRequest[]): Promise<string[]> {
  const denied: string[] = [];
  for (const request of requests) {
    const answer = await runSimulation(simulationOf(role.statements, request), {});
    if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
    if (answer.overallResult !== "Allowed") denied.push(`${role.name}: ${inShort(request)}`);
  }
  return denied;
}

/**
 * The parts of a role that could go without any of the requests being denied: an action of a statement, a
 * resource, or one of a condition's values. Whatever no request needs is found so, and also what another
 * statement grants already.
 */
export function unusedIn(role: Role, requests: readonly IamRequest[]): string[] {
  return narrowingsOf(role.statements)
    .filter(({ statements, actions }) =>
      likelyFirst(requests, actions).every((request) => isAllowed(statements, request)),
    )
    .map(({ without }) => `${role.name}: ${without}`);
}

/** Most parts are needed: the request that is denied without one is asked for early. */
const likelyFirst = (requests: readonly IamRequest[], actions: readonly string[]): IamRequest[] => [
  ...requests.filter(({ action }) => actions.includes(action)),
  ...requests.filter(({ action }) => !actions.includes(action)),
];

const isAllowed = (statements: readonly Statement[], request: IamRequest): boolean =>
  runUnsafeSimulation(simulationOf(statements, request), {}) === "Allowed";

interface Narrowing {
  readonly without: string;
  /** Those of the statement that has a part less. */
  readonly actions: readonly string[];
  readonly statements: readonly Statement[];
}

/** The statements with one part less, for each part that grants something. */
export function narrowingsOf(statements: readonly Statement[]): Narrowing[] {
  return statements.flatMap((statement, index) => {
    if (statement.Effect === "Deny" || isOfThePlatform(statement)) return [];
    return partsLess(statement).map(({ without, rest }) => ({
      without,
      actions: listOf(statement.Action),
      statements: statements.toSpliced(index, 1, ...rest),
    }));
  });
}

const isOfThePlatform = ({ Action }: Statement): boolean =>
  listOf(Action).every((action) => PLATFORM_ACTIONS.includes(action));

function partsLess(statement: Statement): { readonly without: string; readonly rest: Statement[] }[] {
  const { Action, Resource, Condition = {} } = statement;
  const where = `on ${listOf(Resource).map(shortArn).join(", ")}`;
  const lessActions = listOf(Action).map((action, index, all) => ({
    without: `${action} ${where}`,
    rest: all.length === 1 ? [] : [{ ...statement, Action: all.toSpliced(index, 1) }],
  }));
  const lessResources = severalOf(Resource).map((resource, index, all) => ({
    without: `${listOf(Action).join(", ")} on ${shortArn(resource)}`,
    rest: [{ ...statement, Resource: all.toSpliced(index, 1) }],
  }));
  const lessValues = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      severalOf(values).map((value, index, all) => ({
        without: `${listOf(Action).join(", ")} ${where} where ${key} is ${value}`,
        rest: [
          {
            ...statement,
            Condition: { ...Condition, [operator]: { ...keys, [key]: all.toSpliced(index, 1) } },
          },
        ],
      })),
    ),
  );
  return [...lessActions, ...lessResources, ...lessValues];
}

function simulationOf(statements: readonly Statement[], request: IamRequest): Simulation {
  return {
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/${request.functionId}`,
      action: request.action,
      resource: { resource: arnIn(request), accountId: ACCOUNT },
      contextVariables: { ...request.context },
    },
    identityPolicies: [{ name: "role", policy: { Version: "2012-10-17", Statement: statements } }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

const arnIn = ({ resource, table, index }: IamRequest): string => resource ?? tableArn(table, index);

function inShort(request: IamRequest): string {
  const { action, context } = request;
  const conditions = Object.entries(context).map(([key, value]) => `${key}=${[value].flat().join()}`);
  return `${action} on ${shortArn(arnIn(request))} with ${conditions.join(" ")}`;
}

const shortArn = (arn: string): string => arn.split(/[:/]/).slice(6).join("/") || arn;
const listOf = (value: string | readonly string[]): readonly string[] => [value].flat();
const severalOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" || value.length < 2 ? [] : value;
