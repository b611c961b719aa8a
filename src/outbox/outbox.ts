import type { DynamoDBRecord } from "aws-lambda";
import type { SessionId } from "../sessions/token.ts";
import { deliver, type Refusal, type Send } from "./deliver.ts";
import type { OutboxDependencies, OutboxProblem } from "./dependencies.ts";
import { sendHints } from "./hints.ts";
import { keepActivity } from "./keep-activity.ts";
import { endEvent, eventsLost, startEvents, suspectedEvent } from "./make-events.ts";
import { readEndings } from "./read-endings.ts";
import { readRecord, type Reading } from "./stream-record.ts";
import type { SessionEvent } from "./events.ts";
import type { UnreadableRecord, Untold } from "./untold.ts";

export interface OutboxResult {
  /** The record from which on Lambda must give the batch again; nothing where all of it is told or kept. */
  readonly failedFrom: DynamoDBRecord | undefined;
  /** Events that the bus took. */
  readonly told: number;
  /** What the queue took instead. */
  readonly untold: number;
  /** Events that neither took. */
  readonly dropped: number;
  readonly hintsFailed: number;
  /** Records of activity, and counts, that could not be kept. */
  readonly activityLost: number;
  /** Whether others may have been lost before. */
  readonly eventsLost: boolean;
}

export type Outbox = (records: readonly DynamoDBRecord[]) => Promise<OutboxResult>;

/** A thing to deliver, and the place of its record in the batch. */
interface Parcel<Content extends Untold> {
  readonly content: Content;
  readonly index: number;
  /** What is told of one session goes in order. */
  readonly turn: string;
}
type EventParcel = Parcel<{ readonly event: SessionEvent }>;

/** The stream forgets after 24 hours, at whatever pace it is read. */
const NEARLY_FORGOTTEN_MS = 23 * 60 * 60_000;

/**
 * The outbox (design section 10): tells what a batch of the table's stream says. Whatever it throws, and
 * wherever it is stopped, giving it the same records again is safe: ids of events are the same each time.
 */
export function createOutbox(dependencies: OutboxDependencies): Outbox {
  return (records) => tellBatch(dependencies, records);
}

async function tellBatch(
  dependencies: OutboxDependencies,
  records: readonly DynamoDBRecord[],
): Promise<OutboxResult> {
  const { readings, endings } = await readBatch(dependencies, records);
  const hintsFailed = await sendHints(dependencies, readings);
  const { parcels, hasLost } = toParcels(dependencies, readings, endings);

  const untold: Parcel<Untold>[] = unreadableParcels(records, readings);
  for (const { content } of untold) {
    if ("unreadable" in content) {
      const { sessionId, problem } = content.unreadable;
      dependencies.onProblem({ problem: "record-unreadable", sessionId, code: problem });
    }
  }
  const untoldEvents = await post(dependencies, "event-refused", parcels, dependencies.putEvents, eventIn);
  untold.push(...untoldEvents);
  const dropped = await post(
    dependencies,
    "queue-refused",
    untold,
    dependencies.sendToQueue,
    ({ content }) => content,
  );
  const activityLost = await keepActivity(dependencies, parcels.map(eventIn));
  // The first that is nowhere: from there on Lambda gives the records again, told or not.
  const failed = Math.min(...dropped.map(({ index }) => index), readings.length);
  return {
    failedFrom: records[failed],
    told: parcels.length - untoldEvents.length,
    untold: untold.length - dropped.length,
    dropped: dropped.length,
    hintsFailed,
    activityLost,
    eventsLost: hasLost,
  };
}

const eventIn = ({ content }: EventParcel): SessionEvent => content.event;

/**
 * What the records say, with the endings of those that were removed. Where these cannot be read, the batch
 * ends before the first record that needs one.
 */
async function readBatch(dependencies: OutboxDependencies, records: readonly DynamoDBRecord[]) {
  const readings = records.map(readRecord);
  const removals = readings.filter(needsEnding);
  if (removals.length === 0) return { readings, endings: NO_ENDINGS };
  try {
    return { readings, endings: await readEndings(dependencies, removals) };
  } catch (error) {
    dependencies.onProblem({ problem: "endings-unread", code: nameOf(error), error });
    return { readings: readings.slice(0, readings.findIndex(needsEnding)), endings: NO_ENDINGS };
  }
}

/** Nobody reads an ending for what TTL removed. */
const needsEnding = (reading: Reading): reading is Extract<Reading, { reading: "removed" }> =>
  reading.reading === "removed" && !reading.byTtl;

type Endings = Awaited<ReturnType<typeof readEndings>>;
const NO_ENDINGS: Endings = new Map();

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "Error");

/** The events of a batch, in the order of its records; first of all, that others may have been lost. */
function toParcels(
  { clock, era, onProblem }: OutboxDependencies,
  readings: readonly Reading[],
  endings: Endings,
) {
  const parcels: EventParcel[] = [];
  const now = clock();
  let oldest: { readonly at: number; readonly index: number } | undefined;
  const add = (index: number, id: SessionId, at: number, events: readonly SessionEvent[]): void => {
    parcels.push(...events.map((event) => ({ content: { event }, index, turn: id })));
    if (now - at > NEARLY_FORGOTTEN_MS && !(oldest !== undefined && oldest.at <= at)) oldest = { at, index };
  };
  for (const [index, reading] of readings.entries()) {
    switch (reading.reading) {
      case "started":
        add(index, reading.session.id, reading.at, startEvents(reading.session));
        break;
      case "suspected":
        add(index, reading.session.id, reading.at, [suspectedEvent(reading.session, reading.places)]);
        break;
      case "removed": {
        const ending = endings.get(reading.session.id);
        add(index, reading.session.id, reading.at, [endEvent({ ...reading, ending, era })]);
        break;
      }
      case "copied":
        onProblem({ problem: "session-copied", sessionId: reading.sessionId });
        break;
      case "ignored":
      case "unreadable":
    }
  }
  if (oldest === undefined) return { parcels, hasLost: false };
  const event = eventsLost(oldest.at);
  return {
    parcels: [{ content: { event }, index: oldest.index, turn: event.id }, ...parcels],
    hasLost: true,
  };
}

function unreadableParcels(
  records: readonly DynamoDBRecord[],
  readings: readonly Reading[],
): Parcel<{ readonly unreadable: UnreadableRecord }>[] {
  return readings.flatMap((reading, index) => {
    if (reading.reading !== "unreadable") return [];
    const { sessionId, problem } = reading;
    const eventId = records[index]?.eventID;
    const sequenceNumber = records[index]?.dynamodb?.SequenceNumber;
    const unreadable = {
      sessionId,
      problem,
      ...(eventId !== undefined && { eventId }),
      ...(sequenceNumber !== undefined && { sequenceNumber }),
    };
    return [{ content: { unreadable }, index, turn: sessionId }];
  });
}

/** @returns the parcels that were refused for good. */
async function post<Content extends Untold, Sent>(
  dependencies: OutboxDependencies,
  problem: OutboxProblem["problem"],
  parcels: readonly Parcel<Content>[],
  send: Send<Sent>,
  sentOf: (parcel: Parcel<Content>) => Sent,
): Promise<Parcel<Content>[]> {
  const refused = await deliver(dependencies, parcels, {
    send: (some) => send(some.map(sentOf)),
    turnOf: ({ turn }) => turn,
  });
  for (const { thing, refusal } of refused) {
    dependencies.onProblem({ problem, ...subjectOf(thing.content), ...refusal } satisfies Problem);
  }
  return refused.map(({ thing }) => thing);
}

type Problem = OutboxProblem & Refusal;

function subjectOf(content: Untold): Pick<OutboxProblem, "sessionId"> {
  if ("unreadable" in content) return { sessionId: content.unreadable.sessionId };
  return content.event.kind === "events-lost" ? {} : { sessionId: content.event.sessionId };
}
