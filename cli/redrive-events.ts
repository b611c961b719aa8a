import { z } from "zod";
import type { BackoffDependencies } from "../src/dynamodb/backoff.ts";
import { deliver, type Send } from "../src/outbox/deliver.ts";
import { EVENT_SCHEMAS, type EventKind, type SessionEvent } from "../src/outbox/events.ts";

/** A message of the queue of untold events. */
export interface UntoldMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
}

/** The queue of untold events, as a redrive uses it. */
export interface UntoldQueue {
  /** Up to ten that nobody else has at the moment; none where the queue is empty. */
  receive(): Promise<readonly UntoldMessage[]>;
  /** @returns how many could not be deleted: they will be told again, with the same ids. */
  remove(messages: readonly UntoldMessage[]): Promise<number>;
  /** Lets others see them at once. */
  release(messages: readonly UntoldMessage[]): Promise<void>;
}

export interface RedriveDependencies extends BackoffDependencies {
  readonly queue: UntoldQueue;
  readonly putEvents: Send<SessionEvent>;
  /** Once aborted, no further message is begun. */
  readonly signal: AbortSignal;
  /** Told after each batch how many messages are through. */
  readonly onProgress: (done: number) => void;
  /** Tells nothing, and leaves the queue as it is. */
  readonly dryRun: boolean;
}

/** What became of the messages. */
export interface RedriveResult {
  /** Events that the bus took, or, in a dry run, would be given. */
  readonly events: Readonly<Partial<Record<EventKind, number>>>;
  /** Events that the bus did not take, by its code: they stay in the queue. */
  readonly refused: Readonly<Record<string, number>>;
  /** Records that the outbox could not read: they stay, since there is nothing to tell. */
  readonly unreadable: number;
  /** Messages of another form: they stay. */
  readonly unknown: number;
  /** Told, and still in the queue. */
  readonly notDeleted: number;
  /** Whether it was stopped before the queue was through. */
  readonly stopped: boolean;
}

const AT_ONCE = 4;

const MESSAGE = z.union([
  z.looseObject({ event: z.union(Object.values(EVENT_SCHEMAS)) }),
  z.looseObject({ unreadable: z.looseObject({ sessionId: z.string(), problem: z.string() }) }),
]);

/** What is counted while it goes on. */
interface Tally {
  readonly events: Partial<Record<EventKind, number>>;
  readonly refused: Record<string, number>;
  unreadable: number;
  unknown: number;
  notDeleted: number;
}

/**
 * Tells what the outbox could not tell. A message is deleted only after the bus took its event, so that this
 * can be stopped at any time, and run again.
 */
export async function redriveEvents(dependencies: RedriveDependencies): Promise<RedriveResult> {
  const { queue, signal, onProgress } = dependencies;
  const tally: Tally = { events: {}, refused: {}, unreadable: 0, unknown: 0, notDeleted: 0 };
  const seen = new Set<string>();
  const left: UntoldMessage[] = [];
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const fresh = (await queue.receive()).filter(({ id }) => !seen.has(id));
      // Empty, or what is left over has become visible again.
      if (fresh.length === 0) return;
      for (const { id } of fresh) seen.add(id);
      left.push(...(await tellBatch(dependencies, fresh, tally)));
      onProgress(seen.size);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await queue.release(left);
  }
  return { ...tally, stopped: signal.aborted };
}

/** @returns the messages that stay. */
async function tellBatch(
  dependencies: RedriveDependencies,
  messages: readonly UntoldMessage[],
  tally: Tally,
): Promise<UntoldMessage[]> {
  const told: { readonly message: UntoldMessage; readonly event: SessionEvent }[] = [];
  const left: UntoldMessage[] = [];
  for (const message of messages) {
    const event = eventIn(message, tally);
    if (event === undefined) left.push(message);
    else told.push({ message, event });
  }
  if (!dependencies.dryRun && told.length > 0) {
    const refused = await deliver(dependencies, told, {
      send: (some) => dependencies.putEvents(some.map(({ event }) => event)),
      turnOf: ({ event }) => event.id,
    });
    for (const { thing, refusal } of refused) {
      tally.refused[refusal.code] = (tally.refused[refusal.code] ?? 0) + 1;
      told.splice(told.indexOf(thing), 1);
      left.push(thing.message);
    }
    if (told.length > 0)
      tally.notDeleted += await dependencies.queue.remove(told.map(({ message }) => message));
  } else left.push(...told.map(({ message }) => message));
  for (const { event } of told) tally.events[event.kind] = (tally.events[event.kind] ?? 0) + 1;
  return left;
}

/** The event in a message, as it was put there: members of newer versions stay. */
function eventIn({ body }: UntoldMessage, tally: Tally): SessionEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    json = undefined;
  }
  const message = MESSAGE.safeParse(json);
  if (!message.success) tally.unknown++;
  else if ("event" in message.data) return (json as { readonly event: SessionEvent }).event;
  else tally.unreadable++;
  return undefined;
}
