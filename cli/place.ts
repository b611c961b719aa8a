import { CloudFormationClient, DescribeStacksCommand, type Output } from "@aws-sdk/client-cloudformation";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { OperatorError } from "./messages.ts";

/** Where the users are: the stack that `npm start` runs here, or a deployed one. */
export type Place =
  | { readonly kind: "local"; readonly port: number }
  | {
      readonly kind: "deployed";
      readonly stackName: string;
      readonly region: string | undefined;
      readonly profile: string | undefined;
    };

/** A stack's tables, and how to reach them. */
export interface Tables {
  readonly client: DynamoDBClientConfig;
  readonly usersTable: string;
  readonly sessionsTable: string;
  /** Sessions of another era are dead already: ending them is neither counted nor recorded. */
  readonly era: string;
}

const ANSWER_WITHIN_MS = 5000;

/** The era of a stack that does not say (design section 5). */
const DEFAULT_ERA = "1";

const OUTPUTS = z.object({
  SessionsTableName: z.string(),
  UsersTableName: z.string().optional(),
  Era: z.string().default(DEFAULT_ERA),
});
const LOCAL_STACK = z.object({ dynamoDbEndpoint: z.url(), region: z.string(), outputs: OUTPUTS });

/**
 * Finds the tables of a place.
 * @throws OperatorError saying what to do where nothing answers, or what answers has no password directory.
 */
export function locateTables(place: Place): Promise<Tables> {
  return place.kind === "local" ? locateLocal(place.port) : locateDeployed(place);
}

/** How to reach a DynamoDB Local: it takes any credentials, and must be given some. */
export function localClient(dynamoDbEndpoint: string, region: string): DynamoDBClientConfig {
  return {
    endpoint: dynamoDbEndpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
}

async function locateLocal(port: number): Promise<Tables> {
  const url = `http://localhost:${port}/_local/stack`;
  let answer: unknown;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    answer = response.ok ? await response.json() : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw notOurs(port);
    throw new OperatorError(
      `Nothing answers at ${url}. Start the local stack with \`npm start\`, name its port with --port, ` +
        "or name a deployed stack with --stack.",
      { cause },
    );
  }
  const stack = LOCAL_STACK.safeParse(answer);
  if (!stack.success) throw notOurs(port);
  const { dynamoDbEndpoint, region, outputs } = stack.data;
  return tablesOf(outputs, localClient(dynamoDbEndpoint, region), `The local stack on port ${port}`);
}

function notOurs(port: number): OperatorError {
  return new OperatorError(
    `Something answers on port ${port}, but not this project's local stack. ` +
      "Name the port that `npm start` printed with --port.",
  );
}

async function locateDeployed(place: Extract<Place, { kind: "deployed" }>): Promise<Tables> {
  const { stackName, region, profile } = place;
  const client = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
  const outputs = await describeOutputs(stackName, client);
  const values = Object.fromEntries(outputs.map((output) => [output.OutputKey ?? "", output.OutputValue]));
  const parsed = OUTPUTS.safeParse(values);
  if (!parsed.success) {
    throw new OperatorError(
      `Stack "${stackName}" has no output SessionsTableName. Name a stack of this project with --stack.`,
    );
  }
  return tablesOf(parsed.data, client, `Stack "${stackName}"`);
}

async function describeOutputs(
  stackName: string,
  config: { readonly region?: string; readonly profile?: string },
): Promise<readonly Output[]> {
  const client = new CloudFormationClient(config);
  try {
    const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return stacks?.[0]?.Outputs ?? [];
  } catch (cause) {
    throw new OperatorError(
      `Cannot read stack "${stackName}": ${cause instanceof Error ? cause.message : String(cause)}. ` +
        "The stack's name is given by --stack, the Region by --region or AWS_REGION, " +
        "and credentials by --profile or the environment, as for the AWS CLI.",
      { cause },
    );
  } finally {
    client.destroy();
  }
}

function tablesOf(outputs: z.infer<typeof OUTPUTS>, client: DynamoDBClientConfig, stack: string): Tables {
  const { UsersTableName: usersTable, SessionsTableName: sessionsTable, Era: era } = outputs;
  if (usersTable === undefined) {
    throw new OperatorError(
      `${stack} has no password directory: its setting \`identity\` does not name \`passwords\`.`,
    );
  }
  return { client, usersTable, sessionsTable, era };
}
