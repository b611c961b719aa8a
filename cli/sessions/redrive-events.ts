import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import { putEventsOn } from "../../src/outbox/targets.ts";
import { INTERRUPTED } from "../interruption.ts";
import { EXIT_CODES, OperatorError } from "../messages.ts";
import type { Located } from "../place.ts";
import { redriveEvents, type RedriveResult } from "../redrive-events.ts";
import { connectUntoldQueue } from "../untold-queue.ts";
import { addCommand, carryOut, type CommonOptions, type SessionsContext } from "./command.ts";

interface RedriveOptions extends CommonOptions {
  readonly dryRun?: true;
}

/** `sessions redrive-events`. */
export function addRedriveEvents(program: Command): void {
  addCommand(program, "redrive-events", "tell the events that the outbox could not tell", [
    "redrive-events --dry-run",
    "redrive-events --stack Sessions --json",
  ])
    .option("--dry-run", "only count what is in the queue")
    .action((options: RedriveOptions) => carryOut(options, (context) => redrive(context, options)));
}

async function redrive(
  { located, signal, show, progress }: SessionsContext,
  options: RedriveOptions,
): Promise<number> {
  const dryRun = options.dryRun === true;
  const { untoldEvents, eventBus } = outboxOf(located);
  const sqs = new SQSClient(located.services);
  const eventBridge = new EventBridgeClient({ ...located.services, maxAttempts: 1 });
  try {
    const result = await redriveEvents({
      ...REAL_WAITING,
      queue: connectUntoldQueue(sqs, untoldEvents),
      putEvents: putEventsOn(eventBridge, eventBus),
      signal: signal(),
      onProgress: (done) => progress(`${done} messages`),
      dryRun,
    });
    show({ text: inWords(result, dryRun), json: { dryRun, ...result } });
    if (result.stopped) return INTERRUPTED;
    return leftIn(result) === 0 ? EXIT_CODES.done : EXIT_CODES.refused;
  } finally {
    sqs.destroy();
    eventBridge.destroy();
  }
}

/** @throws OperatorError where the construct has no outbox. */
function outboxOf({ title, untoldEvents, eventBus }: Located) {
  if (untoldEvents !== undefined && eventBus !== undefined) return { untoldEvents, eventBus };
  throw new OperatorError(`${title} has no outbox: its setting \`events\` is off, or its version is older.`);
}

const leftIn = ({ refused, unreadable, unknown }: RedriveResult): number =>
  sum(Object.values(refused)) + unreadable + unknown;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const counted = (count: number, thing: string): string => (count === 1 ? `1 ${thing}` : `${count} ${thing}s`);
const events = (count: number): string => counted(count, "event");

function inWords(result: RedriveResult, dryRun: boolean): string {
  const { refused, unreadable, unknown, notDeleted, stopped } = result;
  const kinds = Object.entries(result.events).map(([kind, count]) => `${count} ${kind}`);
  const told = sum(Object.values(result.events));
  const which = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
  return [
    dryRun ? `Would tell ${events(told)}${which}.` : `Told ${events(told)}${which}.`,
    ...Object.entries(refused).map(
      ([code, count]) => `Still in the queue: ${events(count)} that the bus refused with ${code}.`,
    ),
    ...(unreadable > 0
      ? [`Still in the queue: ${counted(unreadable, "record")} that the outbox could not read.`]
      : []),
    ...(unknown > 0 ? [`Still in the queue: ${counted(unknown, "message")} of another form.`] : []),
    ...(notDeleted > 0 ? [`Still in the queue, to be told again: ${events(notDeleted)}.`] : []),
    ...(stopped ? ["Stopped before the queue was through: run it again to go on."] : []),
  ].join("\n");
}
