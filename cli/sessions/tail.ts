import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { Option, type Command } from "commander";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import type { SessionEvent } from "../../src/outbox/events.ts";
import { createOutbox } from "../../src/outbox/outbox.ts";
import { EXIT_CODES, OperatorError } from "../messages.ts";
import { followStream } from "../table-stream.ts";
import { printable } from "../printable.ts";
import {
  addCommand,
  carryOut,
  countUpTo,
  shortTime,
  userIdArgument,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";

const KINDS = [
  "started",
  "ended",
  "contention",
  "suspected",
] as const satisfies readonly SessionEvent["kind"][];

interface TailOptions extends CommonOptions {
  readonly user?: string;
  readonly kind?: (typeof KINDS)[number];
  readonly fromStart?: true;
  readonly seconds?: number;
}

const LONGEST_SECONDS = 7 * 24 * 60 * 60;

const HELP = `
It reads the stream of the sessions table itself, so that nothing has to be set up, events need not be on, and what it
shows is what the outbox tells. --json prints an event a line, as EventBridge has it in "detail".

Ctrl-C ends it, with exit code 0; where npm runs it, npm ends with 130.`;

/** `sessions tail`. */
export function addTail(program: Command): void {
  addCommand(program, "tail", "show starts and ends of sessions as they happen", [
    "tail",
    "tail --user alice --kind ended",
    "tail --from-start --seconds 60 --json --stack Backend | jq .reason",
  ])
    .option("--user <id>", "only those of this user", userIdArgument)
    .addOption(new Option("--kind <kind>", "only events of this kind").choices(KINDS))
    .option("--from-start", "first what the stream still has: up to 24 hours")
    .option("--seconds <count>", "end after so long", countUpTo(LONGEST_SECONDS))
    .addHelpText("after", HELP)
    .action((options: TailOptions) => carryOut(options, (context) => tail(context, options)));
}

async function tail(context: SessionsContext, options: TailOptions): Promise<number> {
  const { located } = context;
  const signal = context.signal();
  const { fromStart, seconds } = options;
  const streamArn = await streamOf(context);
  const client = new DynamoDBStreamsClient(located.dynamoDb);
  const ending =
    seconds === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  try {
    await followStream({
      client,
      streamArn,
      from: fromStart === true ? "TRIM_HORIZON" : "LATEST",
      signal: ending,
      onRecords: tellOnTerminal(context, options),
      onFault: (error) => console.error(`warning: ${(error as Error).message}; it goes on trying.`),
      onReady: () => console.error(`Following ${located.title}; Ctrl-C ends it.`),
    });
  } finally {
    client.destroy();
  }
  return EXIT_CODES.done;
}

/** @throws OperatorError where the table has no stream. */
async function streamOf({ located }: SessionsContext): Promise<string> {
  const client = new DynamoDBClient(located.dynamoDb);
  try {
    const { Table: table } = await client.send(
      new DescribeTableCommand({ TableName: located.sessionsTable }),
    );
    const isOn = table?.StreamSpecification?.StreamEnabled === true;
    if (isOn && table.LatestStreamArn !== undefined) return table.LatestStreamArn;
  } finally {
    client.destroy();
  }
  throw new OperatorError(
    `The sessions table of ${located.title} has no stream. \`sessions doctor\` says what else is missing.`,
  );
}

/** The outbox's own rules, with a terminal in the place of the bus. */
function tellOnTerminal(
  { located, documents }: SessionsContext,
  { user, kind, json }: TailOptions,
): (records: Parameters<ReturnType<typeof createOutbox>>[0]) => Promise<void> {
  const outbox = createOutbox({
    ...REAL_WAITING,
    documents,
    tableName: located.sessionsTable,
    era: located.era,
    clock: Date.now,
    putEvents: (events) => {
      for (const event of events) {
        const isWanted =
          event.kind !== "events-lost" &&
          (user === undefined || event.userId === user) &&
          (kind === undefined || event.kind === kind);
        if (isWanted) console.log(json === true ? JSON.stringify(event) : printable(lineOf(event)));
      }
      return Promise.resolve(events.map(() => undefined));
    },
    sendToQueue: (untold) => Promise.resolve(untold.map(() => undefined)),
    onProblem: ({ problem, sessionId, code }) => {
      console.error(
        `warning: ${problem}: ${[sessionId, code].filter((part) => part !== undefined).join(" ")}`,
      );
    },
  });
  return async (records) => {
    await outbox(records);
  };
}

function lineOf(event: Exclude<SessionEvent, { kind: "events-lost" }>): string {
  const { time, kind, userId, sessionId, device } = event;
  const parts = [shortTime(time), kind, userId, sessionId, device.label];
  switch (event.kind) {
    case "started":
      return parts.join("  ");
    case "ended": {
      const by = event.by === undefined ? [] : [`by ${event.by.device ?? event.by.id}`];
      return [...parts, event.reason, ...by].join("  ");
    }
    case "contention": {
      const what = event.suspicion === "returns" ? "returns after displacement" : "displacements";
      return [...parts, `${event.displacements} ${what} between ${labelsOf(event)}`].join("  ");
    }
    case "suspected":
      return [...parts, `${event.switches} switches between ${labelsOf(event)}`].join("  ");
  }
}

const labelsOf = ({ devices }: Extract<SessionEvent, { kind: "contention" | "suspected" }>): string =>
  devices.map(({ label }) => label).join(" and ");
