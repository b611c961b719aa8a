import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { LambdaClientConfig } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { STACK_OUTPUT_VERSION, type StackOutput } from "../src/runtime/stack-output.ts";
import { AT_LIMIT } from "../src/sessions/policy.ts";
import { OperatorError } from "./messages.ts";
import { describeOutputs, type AccountConfig, type StackOutputs } from "./stack-outputs.ts";

/** Where the users are: the stack that `npm start` runs here, or a deployed one. */
export type Place = { readonly construct?: string | undefined } & (
  | { readonly kind: "local"; readonly port: number }
  | {
      readonly kind: "deployed";
      readonly stackName: string;
      readonly region: string | undefined;
      readonly profile: string | undefined;
    }
);

/** One `SingleSession` construct of a stack, and how to reach what it has. */
export interface Located extends StackOutput {
  /** For messages: `Stack "Backend"`. */
  readonly title: string;
  readonly dynamoDb: DynamoDBClientConfig;
  readonly lambda: LambdaClientConfig;
  /** Of every other service. */
  readonly services: ServiceConfig;
  /** Absent for a local stack. */
  readonly deployed?: { readonly stackName: string; readonly account: AccountConfig };
  /** Where the console's page is, where the stack says so. */
  readonly consoleUrl?: string;
}

/** How a service is reached: a local stack answers for all of them. */
export interface ServiceConfig extends AccountConfig {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const ANSWER_WITHIN_MS = 5000;
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

const DESCRIBED = z.object({
  singleSession: z.literal(STACK_OUTPUT_VERSION),
  construct: z.string(),
  era: z.string(),
  sessionsTable: z.string(),
  usersTable: z.string().optional(),
  signInTable: z.string().optional(),
  activityTable: z.string().optional(),
  loginFunction: z.string(),
  authorizeFunction: z.string(),
  adminLogoutFunction: z.string(),
  endSessionFunction: z.string().optional(),
  jobsTable: z.string().optional(),
  runJobFunction: z.string().optional(),
  untoldEvents: z.string().optional(),
  eventBus: z.string().optional(),
  apiUrl: z.string().optional(),
  policy: z.union([
    z.literal("function"),
    z.object({
      limit: z.number(),
      atLimit: z.enum(AT_LIMIT),
      perDeviceClass: z.object({ mobile: z.number().optional(), desktop: z.number().optional() }).optional(),
    }),
  ]),
});
const OF_SOME_VERSION = z.looseObject({ singleSession: z.number() });
const LOCAL_STACK = z.object({
  dynamoDbEndpoint: z.url(),
  region: z.string(),
  outputs: z.record(z.string(), z.string()),
});

/**
 * Finds the construct that an operator means.
 * @throws OperatorError saying what to do where nothing answers, or where the stack has no such construct, or
 * several.
 */
export async function locate(place: Place): Promise<Located> {
  const found = await (place.kind === "local" ? locateLocal(place.port) : locateDeployed(place));
  const { outputs, ...reach } = found;
  const constructs = outputs.flatMap(([, value]) => constructIn(value, found.title));
  const byKey = new Map(outputs);
  const construct = chosen(constructs, place.construct, found.title);
  const apiUrl = byKey.get("ApiUrl") ?? construct.apiUrl;
  const consoleUrl = byKey.get("ConsoleUrl");
  return {
    ...construct,
    ...reach,
    ...(apiUrl !== undefined && { apiUrl }),
    ...(consoleUrl !== undefined && { consoleUrl }),
  };
}

/**
 * The same, where the construct has a password directory.
 * @throws OperatorError also where it has none.
 */
export const locateDirectory = async (place: Place): Promise<Located & WithDirectory> =>
  withDirectory(await locate(place));

/** @throws OperatorError where the construct has no password directory. */
export function withDirectory(located: Located): Located & WithDirectory {
  const { usersTable, signInTable } = located;
  if (usersTable !== undefined && signInTable !== undefined) return { ...located, usersTable, signInTable };
  throw new OperatorError(
    `${located.title} has no password directory: its setting \`identity\` does not name \`passwords\`.`,
  );
}

export interface WithDirectory {
  readonly usersTable: string;
  readonly signInTable: string;
}

/** How to reach a DynamoDB Local: it takes any credentials, and must be given some. */
export function localClient(dynamoDbEndpoint: string, region: string): DynamoDBClientConfig {
  return { endpoint: dynamoDbEndpoint, region, credentials: LOCAL_CREDENTIALS };
}

type Found = Pick<Located, "title" | "dynamoDb" | "lambda" | "services" | "deployed"> & {
  readonly outputs: StackOutputs;
};

async function locateLocal(port: number): Promise<Found> {
  const base = `http://localhost:${port}`;
  const url = `${base}/_local/stack`;
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
  return {
    title: `The local stack on port ${port}`,
    dynamoDb: localClient(dynamoDbEndpoint, region),
    lambda: { endpoint: base, region, credentials: LOCAL_CREDENTIALS },
    services: { endpoint: base, region, credentials: LOCAL_CREDENTIALS },
    outputs: Object.entries(outputs),
  };
}

function notOurs(port: number): OperatorError {
  return new OperatorError(
    `Something answers on port ${port}, but not this project's local stack. ` +
      "Name the port that `npm start` printed with --port.",
  );
}

async function locateDeployed(place: Extract<Place, { kind: "deployed" }>): Promise<Found> {
  const { stackName, region, profile } = place;
  const account = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
  return {
    title: `Stack "${stackName}"`,
    dynamoDb: account,
    lambda: account,
    services: account,
    deployed: { stackName, account },
    outputs: await describeOutputs(stackName, account),
  };
}

/** The construct that an output is about; most outputs are about something else. */
export function constructIn(value: string, title: string): StackOutput[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return [];
  }
  const ours = OF_SOME_VERSION.safeParse(parsed);
  if (!ours.success) return [];
  const described = DESCRIBED.safeParse(parsed);
  if (described.success) return [described.data as StackOutput];
  throw new OperatorError(
    `${title} was deployed with another version of this project (it describes itself in version ` +
      `${ours.data.singleSession}; this command reads version ${STACK_OUTPUT_VERSION}). Use the command ` +
      "of that version.",
  );
}

function chosen(constructs: readonly StackOutput[], asked: string | undefined, title: string): StackOutput {
  const names = constructs.map(({ construct }) => JSON.stringify(construct)).join(", ");
  const [first, ...others] =
    asked === undefined ? constructs : constructs.filter(({ construct }) => construct === asked);
  if (first !== undefined && others.length === 0) return first;
  if (constructs.length === 0) {
    throw new OperatorError(
      `${title} has no SingleSession construct: neither it nor a stack nested in it has the output ` +
        "that each construct makes.",
    );
  }
  throw new OperatorError(
    asked === undefined
      ? `${title} has ${constructs.length} SingleSession constructs. Name one with --construct: ${names}.`
      : `${title} has no SingleSession construct ${JSON.stringify(asked)}. --construct takes: ${names}.`,
  );
}
