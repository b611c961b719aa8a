import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DescribeTableCommand, DynamoDBClient, type TableDescription } from "@aws-sdk/client-dynamodb";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { OperatorError } from "../messages.ts";
import type { Located } from "../place.ts";
import { describeResources, type StackResource } from "../stack-resources.ts";

/** One construct, looked at from outside. What is read once is not read again. */
export interface Patient {
  readonly located: Located;
  readonly dynamoDb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly cloudFormation: CloudFormationClient;
  /** The tables that there are, by what they are for. */
  readonly tables: readonly (readonly [
    what: "sessions" | "users" | "sign-in" | "activity" | "jobs",
    name: string,
  ])[];
  readonly table: (name: string) => Promise<TableDescription>;
  /** All resources of the stack and of those nested in it. @throws OperatorError for a local stack */
  readonly resources: () => Promise<readonly StackResource[]>;
  /** The construct's own functions: those that were given its sessions table. */
  readonly functions: () => Promise<readonly FunctionConfiguration[]>;
  readonly close: () => void;
}

/** How many functions are asked about at a time: an account's quota is 100 such requests a second. */
const AT_ONCE = 10;

/** Opens what a check may look at; nothing is asked yet. */
export function admit(located: Located): Patient {
  const { deployed, sessionsTable, usersTable, signInTable, activityTable, jobsTable } = located;
  const account = deployed?.account ?? {};
  const dynamoDb = new DynamoDBClient(located.dynamoDb);
  const lambda = new LambdaClient(located.lambda);
  const clients = {
    dynamoDb,
    lambda,
    // A queue's URL names AWS's own host, whatever endpoint is set.
    sqs: new SQSClient({ ...account, useQueueUrlAsEndpoint: false }),
    cloudFormation: new CloudFormationClient(account),
  };
  const tables = new Map<string, Promise<TableDescription>>();
  let resources: Promise<readonly StackResource[]> | undefined;
  let functions: Promise<readonly FunctionConfiguration[]> | undefined;

  async function describeTable(TableName: string): Promise<TableDescription> {
    const { Table: table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    if (table === undefined) throw new OperatorError(`DynamoDB says nothing of the table ${TableName}`);
    return table;
  }

  function describeStack(): Promise<readonly StackResource[]> {
    if (deployed === undefined) throw new OperatorError("a local stack is none of CloudFormation");
    return describeResources(clients.cloudFormation, deployed.stackName);
  }

  async function describeFunctions(): Promise<FunctionConfiguration[]> {
    const all = (await patient.resources()).filter(({ type }) => type === "AWS::Lambda::Function");
    const found: FunctionConfiguration[] = [];
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const some = all
        .slice(start, start + AT_ONCE)
        .map(({ physicalId: FunctionName }) =>
          lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
        );
      found.push(...(await Promise.all(some)));
    }
    return found.filter((one) => environmentOf(one)[ENVIRONMENT.sessionsTable] === sessionsTable);
  }

  const patient: Patient = {
    located,
    ...clients,
    tables: [
      ["sessions", sessionsTable],
      ...(usersTable === undefined ? [] : [["users", usersTable] as const]),
      ...(signInTable === undefined ? [] : [["sign-in", signInTable] as const]),
      ...(activityTable === undefined ? [] : [["activity", activityTable] as const]),
      ...(jobsTable === undefined ? [] : [["jobs", jobsTable] as const]),
    ],
    table: (name) => remembered(tables, name, () => describeTable(name)),
    resources: () => (resources ??= describeStack()),
    functions: () => (functions ??= describeFunctions()),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
  return patient;
}

export const environmentOf = (lambda: FunctionConfiguration): Readonly<Record<string, string>> =>
  lambda.Environment?.Variables ?? {};

function remembered<T>(known: Map<string, T>, name: string, make: () => T): T {
  const value = known.get(name) ?? make();
  known.set(name, value);
  return value;
}
