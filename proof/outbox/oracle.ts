import { createHash } from "node:crypto";
import {
  EVENT_SCHEMAS,
  type SessionEnded,
  type SessionEvent,
  type SessionSuspected,
} from "../../src/outbox/events.ts";
import type { Untold } from "../../src/outbox/untold.ts";
import type { PlaceMarker } from "../../src/sessions/session.ts";
import { endingKey } from "../../src/sessions/table.ts";
import type { Database } from "../model/database.ts";
import type { Item } from "../model/expression.ts";
import { placeOf, SESSIONS } from "../model/request.ts";
import { endedIdOf, sessionIdOf, type Change } from "./changes.ts";
import { isEnd, isNonsense, isStart, isSuspicion, kindsOf } from "./told-of-changes.ts";
import { endingsFit, howEndedRight, type WrittenEnding } from "./right-reason.ts";
import type { Invocation, Outcome } from "./invocation.ts";

/** Something is wrong. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** How often something was seen: a search that never met it shows nothing of it. */
export type Seen = Record<string, number>;

type Where = "bus" | "queue";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const SCHEMA_OF = {
  started: EVENT_SCHEMAS.SessionStarted,
  ended: EVENT_SCHEMAS.SessionEnded,
  contention: EVENT_SCHEMAS.SessionContention,
  suspected: EVENT_SCHEMAS.SessionSuspected,
  "events-lost": EVENT_SCHEMAS.SessionEventsLost,
} as const;

/** Of what change an event tells. */
const CHANGE_OF = { started: isStart, contention: isStart, suspected: isSuspicion, ended: isEnd } as const;

const MOST_TRIES = 3;

const idOf = (kind: string, of: string): string =>
  createHash("sha256")
    .update(JSON.stringify([1, kind, of]))
    .digest("base64url");

const iso = (time: unknown): string => new Date(time as number).toISOString();

/** Knows what happened to the items, and what must have been told of it. It reads nothing of the outbox. */
export class Oracle {
  readonly seen: Seen = {};
  readonly #secrets: ReadonlySet<string>;
  readonly #changes: Change[] = [];
  readonly #endings = new Map<string, WrittenEnding[]>();
  readonly #restored = new Set<string>();
  readonly #tellings = new Map<Change, Set<string>>();
  /** Sessions of which there is a start to tell. */
  readonly #started = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #tries = new Map<Invocation, Map<string, number>>();
  readonly #lost = new Map<Invocation, string[]>();
  constructor(secrets: ReadonlySet<string>) {
    this.#secrets = secrets;
  }

  changed(change: Change): void {
    this.#changes.push(change);
    const endedId = endedIdOf(change.pk);
    if (endedId !== undefined) this.#endingChanged(endedId, change);
    const id = sessionIdOf(change.pk);
    if (id === undefined) return;
    if (change.cause.cause === "restore") this.#restored.add(id);
    if (isStart(change)) this.#started.add(id);
    if (change.before === undefined || change.after === undefined) {
      this.#count(`${change.after === undefined ? "removed by" : "inserted by"} ${change.cause.cause}`);
    }
  }

  #endingChanged(id: string, { after, step }: Change): void {
    const endings = this.#endings.get(id) ?? [];
    // TTL removes it with the session's own time, and the item of a dead session may be there days later.
    if (after === undefined)
      this.#endings.set(
        id,
        endings.map((one) => ({ ...one, isGone: true })),
      );
    else this.#endings.set(id, [...endings, { item: after, step, isGone: false }]);
  }

  /** A target took an event. */
  told(event: SessionEvent, where: Where, call: Invocation): void {
    this.#count(`${event.kind} told by the ${where}`);
    this.#checkForm(event);
    if (event.kind === "events-lost") {
      this.#lost.set(call, [...(this.#lost.get(call) ?? []), event.until]);
      return;
    }
    const isOf = CHANGE_OF[event.kind];
    const of = call.changes.filter((change) => isOf(change) && sessionIdOf(change.pk) === event.sessionId);
    if (of.length === 0)
      throw new Violation(`${event.kind} of ${event.sessionId}, which no record of the batch says`);
    const problems = of.map((change) => this.#problemOf(event, change, call));
    if (problems.every((problem) => problem !== undefined)) throw new Violation(problems[0]);
    for (const change of of) {
      const kinds = this.#tellings.get(change) ?? new Set();
      this.#tellings.set(change, kinds.add(event.kind));
    }
    this.#taken.add(event.id);
  }

  /**
   * The bus is called with events. The calls of one session are made in order: its end waits until its start
   * was taken, or refused for good.
   */
  called(events: readonly SessionEvent[], call: Invocation): void {
    const tries = this.#tries.get(call) ?? new Map<string, number>();
    this.#tries.set(call, tries);
    for (const event of events) {
      if (event.kind === "ended" && this.#started.has(event.sessionId)) {
        const start = idOf("started", event.sessionId);
        if (!this.#taken.has(start) && (tries.get(start) ?? 0) < MOST_TRIES)
          throw new Violation(`the end of ${event.sessionId} is told before its start`);
      }
    }
    for (const { id } of events) tries.set(id, (tries.get(id) ?? 0) + 1);
  }

  /** The queue took something. */
  kept(untold: Untold, call: Invocation): void {
    if ("event" in untold) {
      this.told(untold.event, "queue", call);
      return;
    }
    this.#checkSecrets(JSON.stringify(untold));
    const { sessionId } = untold.unreadable;
    const of = call.changes.filter((change) => isNonsense(change) && sessionIdOf(change.pk) === sessionId);
    if (of.length === 0) throw new Violation(`a record of ${sessionId} was called unreadable, and is not`);
    this.#count("unreadable kept");
    for (const change of of) this.#tellings.set(change, new Set(["unreadable"]));
  }

  /** A page is about to be told to ask. */
  hinted(channel: string, call: Invocation, database: Database, now: number): void {
    this.#count("hints");
    const of = call.changes.filter((change) => isEnd(change) && change.before?.["channel"] === channel);
    const [change] = of;
    if (change === undefined) throw new Violation("a hint for a session that no record of the batch ends");
    if (of.every(({ cause }) => cause.cause === "ttl"))
      throw new Violation("a hint for a session that TTL removed");
    if (of.every(({ time }) => call.startedAt - time > MINUTE + 1000))
      throw new Violation("a hint for a session that ended more than a minute ago");
    const { cause } = change;
    if (cause.cause !== "commit" || cause.ending === undefined || now > change.time + HOUR) return;
    const place = placeOf(SESSIONS, endingKey(sessionIdOf(change.pk)!));
    if (database.items[place] === undefined) throw new Violation("a hint before the ending is readable");
  }

  /** A call came to its end. */
  answered(call: Invocation, outcome: Outcome): void {
    if (outcome.outcome === "threw") {
      this.#count("calls that threw");
      return;
    }
    const { failed } = outcome;
    this.#count(failed.length > 0 ? "calls with a failed record" : "calls without one");
    if (failed.length > 0) return;
    const old = call.changes.filter(
      (change) =>
        (isStart(change) || isSuspicion(change) || isEnd(change)) && call.startedAt - change.time > 23 * HOUR,
    );
    if (old.length === 0) return;
    const until = iso(Math.min(...old.map(secondOf)));
    if (this.#lost.get(call)?.includes(until) !== true)
      throw new Violation(`records from before ${until} were told, and not that others may be lost`);
  }

  /** All is over, and every target was well at last: nothing may be missing. */
  finished(): void {
    for (const change of this.#changes) {
      const kinds = this.#tellings.get(change);
      const missing = kindsOf(change).filter((kind) => kinds?.has(kind) !== true);
      if (missing.length > 0)
        throw new Violation(`${missing.join(", ")} of ${change.pk} was told nowhere (${change.cause.cause})`);
    }
  }

  #checkForm(event: SessionEvent): void {
    const text = JSON.stringify(event);
    this.#checkSecrets(text);
    const schema = SCHEMA_OF[event.kind];
    const parsed = JSON.stringify(sorted(schema.parse(event)));
    if (parsed !== JSON.stringify(sorted(event))) throw new Violation(`more than its schema says: ${text}`);
    const of = event.kind === "events-lost" ? event.until : event.sessionId;
    if (event.id !== idOf(event.kind, of))
      throw new Violation(`the id of ${event.kind} of ${of} is ${event.id}`);
  }

  #checkSecrets(text: string): void {
    for (const secret of this.#secrets)
      if (text.includes(secret)) throw new Violation(`something secret in ${text}`);
  }

  #problemOf(event: Exclude<SessionEvent, { kind: "events-lost" }>, change: Change, call: Invocation) {
    const image = (change.after ?? change.before)!;
    const { userId, identitySource, device } = event;
    const own = image["device"] as { label: string; class: string };
    const isSame =
      userId === image["userId"] &&
      identitySource === image["identitySource"] &&
      device.label === own.label &&
      device.class === own.class;
    if (!isSame) return `${event.kind} is not of the session that its record has: ${JSON.stringify(event)}`;
    if (event.kind === "ended") return this.#problemOfEnd(event, change, call);
    if (event.kind === "suspected") return problemOfSuspicion(event, image);
    const isRight = event.time === iso(image["createdAt"]);
    if (!isRight)
      return `${event.kind} at ${event.time}, and the session began at ${iso(image["createdAt"])}`;
    if (event.kind === "contention" && image["contention"] === undefined)
      return "contention of a session whose login raised none";
    return undefined;
  }

  #problemOfEnd(event: SessionEnded, change: Change, call: Invocation): string | undefined {
    const image = change.before!;
    if (event.startedAt !== iso(image["createdAt"])) return `it started at ${event.startedAt}?`;
    const id = sessionIdOf(change.pk)!;
    const right = howEndedRight(change, this.#endings.get(id) ?? [], call.era);
    this.#count(`ended as ${event.reason}`);
    // Copied in again, it may have any of its endings.
    if (this.#restored.has(id) && change.cause.cause !== "ttl") return undefined;
    const told = { reason: event.reason, time: event.time, by: event.by };
    if (right.some((one) => endingsFit(one, told))) return undefined;
    return `told ${JSON.stringify(told)}, right is one of ${JSON.stringify(right)} (${change.cause.cause}, ${change.pk})`;
  }

  #count(what: string): void {
    this.seen[what] = (this.seen[what] ?? 0) + 1;
  }
}

function problemOfSuspicion(event: SessionSuspected, { suspectedAt, place }: Item): string | undefined {
  if (event.time !== iso(suspectedAt)) return `suspected at ${event.time}, not at ${iso(suspectedAt)}`;
  const { label, before, switches } = place as PlaceMarker;
  const told = event.devices.map((device) => device.label).join();
  if (told !== [before?.label, label].join()) return `suspected between ${told}, not as its record says`;
  return event.switches === switches?.length
    ? undefined
    : `${event.switches} switches, not as its record says`;
}

const secondOf = ({ time }: Change): number => Math.floor(time / 1000) * 1000;

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
