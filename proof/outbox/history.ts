import { endingKey, sessionKey } from "../../src/sessions/table.ts";
import { Draws } from "../../test/support/seeded.ts";
import { withItem } from "../model/database.ts";
import type { Item } from "../model/expression.ts";
import type { ModelledProduct } from "../model/product.ts";
import { placeOf, SESSIONS } from "../model/request.ts";
import { sessionIdOf } from "./changes.ts";
import { FINE } from "./invocation.ts";
import type { LoadedOutbox } from "./load-outbox.ts";
import { Operations } from "./operations.ts";
import { Violation, type Seen } from "./oracle.ts";
import { OutboxAtWork } from "./outbox-at-work.ts";
import { World } from "./world.ts";

/** What a history came to. */
export interface HistoryReport {
  /** What is wrong, and what led there; `undefined`: nothing. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | undefined;
  /** Sessions' items that were inserted or removed. */
  readonly changes: number;
  readonly seen: Seen;
}

export interface Checkout {
  readonly product: ModelledProduct;
  readonly outbox: LoadedOutbox;
}

const PLAYS = 26;
const MOST_AT_ONCE = 3;
const MOST_EVENTS = 20_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SHORT_LEAPS = [SECOND, SECOND, 7 * SECOND];
const LEAPS = [7 * SECOND, MINUTE, 4 * MINUTE, 4 * MINUTE, 11 * MINUTE, 31 * MINUTE, 13 * HOUR, 23.5 * HOUR];
/** The stream forgets after 24 hours, and nothing can be told of what it forgot. */
const STREAM_KEEPS_MS = 24 * HOUR;
/** Copied in again as soon, it could not be told from one that just began. */
const OLD_ENOUGH_MS = 6 * MINUTE;

/** What may happen next, and how likely it is. */
const KINDS = { outbox: 35, time: 2, ttl: 1.3, copies: 1.2, circumstances: 0.6, operations: 60 } as const;

/** A made-up history of two users and of the outbox: whatever the seed says happens. */
export const runHistory = (checkout: Checkout, seed: string): Promise<HistoryReport> =>
  new History(checkout, new World(new Draws(seed))).run();

class History {
  readonly #world: World;
  readonly #operations: Operations;
  readonly #outbox: OutboxAtWork;
  /** Copies of sessions' items. */
  readonly #backup = new Map<string, Item>();

  constructor({ product, outbox }: Checkout, world: World) {
    this.#world = world;
    this.#operations = new Operations(product, world);
    this.#outbox = new OutboxAtWork(outbox, world);
  }

  async run(): Promise<HistoryReport> {
    const { trace, oracle } = this.#world;
    let what: string | undefined;
    try {
      await this.#happen();
      oracle.finished();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      what = error.message;
    }
    return {
      violation: what === undefined ? undefined : { what, trace },
      changes: this.#world.changes,
      seen: oracle.seen,
    };
  }

  async #happen(): Promise<void> {
    for (let events = 0; events < MOST_EVENTS; events++) {
      this.#world.step++;
      const isQuiet = this.#operations.begun >= PLAYS && this.#operations.atOnce === 0;
      if (isQuiet && this.#world.database.now.running.length === 0) {
        // At last all is well.
        this.#world.weather = FINE;
        if (this.#outbox.isDone) return;
        await this.#outbox.work(true);
      } else await this.#somethingHappens();
      this.#operations.check();
    }
    throw new Violation("it does not come to an end");
  }

  async #somethingHappens(): Promise<void> {
    const { draws } = this.#world;
    const { atOnce, begun } = this.#operations;
    const mayBegin = begun < PLAYS && atOnce < MOST_AT_ONCE;
    const kind = draws.weighted(KINDS);
    if (kind === "outbox") await this.#outbox.work(false);
    else if (kind === "time") this.#timePasses();
    else if (kind === "ttl") this.#removeExpired(1);
    else if (kind === "copies") this.#copyOrRestore();
    else if (kind === "circumstances") this.#somethingIsChanged();
    else if (atOnce === 0 && draws.chance(0.5)) this.#timePasses();
    else if (mayBegin && (atOnce === 0 || draws.chance(0.12))) await this.#operations.begin();
    else if (atOnce > 0) await this.#operations.advance();
  }

  /** Long leaps only where no operation is under way, and none past what the stream keeps. */
  #timePasses(): void {
    const isShort = this.#operations.atOnce > 0 || this.#world.society.quarrels;
    const leap = this.#world.draws.pick(isShort ? SHORT_LEAPS : LEAPS);
    const oldest = Math.min(...this.#world.shards.map((shard) => shard.oldest));
    if (this.#world.time + leap - oldest >= STREAM_KEEPS_MS - MINUTE) return;
    this.#world.time += leap;
    this.#world.trace.push(`time passes: ${leap} ms`);
    if (this.#world.draws.chance(0.2)) this.#removeExpired(Infinity);
  }

  #removeExpired(most: number): void {
    this.#world.changing({ cause: "ttl" }, () => this.#world.database.removeExpired(this.#world.time, most));
  }

  /** An operator keeps copies of sessions, and puts one of them into the table again. */
  #copyOrRestore(): void {
    const live = Object.entries(this.#world.database.now.items).flatMap(([place, item]) => {
      const id = sessionIdOf(place.slice(placeOf(SESSIONS, { pk: "" }).length));
      return id === undefined ? [] : [[id, item] as const];
    });
    for (const [id, item] of live) this.#backup.set(id, item);
    const old = [...this.#backup].filter(
      ([, item]) => this.#world.time - (item["createdAt"] as number) > OLD_ENOUGH_MS,
    );
    if (old.length > 0 && this.#world.draws.chance(0.3)) this.#putSession(...this.#world.draws.pick(old));
    if (this.#world.draws.chance(0.1)) {
      const id = `nonsense-${this.#world.step}`;
      this.#putSession(id, { ttl: Math.floor(this.#world.time / SECOND) + 60 });
    }
    if (live.length > 0 && this.#world.draws.chance(0.5)) this.#leaveEnding(...this.#world.draws.pick(live));
  }

  #putSession(id: string, item: Item): void {
    this.#put({ ...item, ...sessionKey(id) });
  }

  /** As a bulk revocation leaves one that ran out of time some minutes ago. */
  #leaveEnding(id: string, { userId, expiresAt }: Item): void {
    if (userId === undefined) return;
    this.#put({
      ...endingKey(id),
      endedUserId: userId,
      endReason: "revoked",
      endedAt: this.#world.time - 2 * MINUTE,
      endedBy: "administrator",
      expiresAt,
      ttl: Math.floor(this.#world.time / SECOND) + 2 * 24 * 60 * 60,
    });
  }

  /** Nothing where an item is there, or is just being written. */
  #put(item: Item): void {
    const place = placeOf(SESSIONS, item);
    const { items, running } = this.#world.database.now;
    if (items[place] !== undefined || running.some(({ parts }) => parts.some((part) => part.place === place)))
      return;
    this.#world.trace.push(`copied in: ${String(item["pk"])}`);
    this.#world.changing({ cause: "restore" }, () => {
      this.#world.database.now = { ...this.#world.database.now, items: withItem(items, place, item) };
    });
  }

  /** A deployment with another era, or other weather at the targets. */
  #somethingIsChanged(): void {
    if (this.#world.draws.chance(0.25)) this.#world.trace.push(`era ${++this.#world.era}`);
    const one = (): number => this.#world.draws.pick([0, 0, 0.1, 0.5, 1]);
    this.#world.weather = { bus: one(), queue: one(), push: one(), database: one() };
    this.#world.trace.push(`weather ${JSON.stringify(this.#world.weather)}`);
  }
}
