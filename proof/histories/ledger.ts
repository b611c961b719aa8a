import { setTimeout as sleep } from "node:timers/promises";
import type { PassingRequest, ProxyObserver } from "../../test/support/dynamodb-proxy.ts";
import { writesIn } from "../../test/support/passed-writes.ts";
import type { SessionRef } from "./history.ts";

const SESSION_PREFIX = "session#";

interface CallEntry {
  underWay: number;
  /** When its last request was over; virtual epoch milliseconds. */
  lastOverAt: number;
  newSession?: SessionRef;
}

/**
 * What the proxies saw of each call: until when it may have changed anything, and what session it would have
 * created.
 */
export class Ledger implements ProxyObserver {
  readonly #now: () => number;
  readonly #calls = new Map<string, CallEntry>();
  #underWay = 0;
  /** Every session that a request wanted to create, by user. */
  readonly sessionsOf = new Map<string, Set<SessionRef>>();

  /** @param now virtual epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  arrived({ operation, body, call }: PassingRequest): void {
    this.#underWay++;
    const entry = call === undefined ? undefined : this.#entry(call);
    if (entry !== undefined) entry.underWay++;
    for (const { pk, item } of writesIn(operation, body)) {
      if (item === undefined || !pk.startsWith(SESSION_PREFIX)) continue;
      const id = pk.slice(SESSION_PREFIX.length);
      if (entry !== undefined) entry.newSession = id;
      const userId = String(item["userId"]?.["S"]);
      this.sessionsOf.set(userId, (this.sessionsOf.get(userId) ?? new Set()).add(id));
    }
  }

  over({ call }: PassingRequest): void {
    this.#underWay--;
    if (call === undefined) return;
    const entry = this.#entry(call);
    entry.underWay--;
    entry.lastOverAt = this.#now();
  }

  newSessionOf(call: string): SessionRef | undefined {
    return this.#calls.get(call)?.newSession;
  }

  /** When the last of a call's requests was over; nothing where it made none. */
  settledAt(call: string): number {
    return this.#calls.get(call)?.lastOverAt ?? -Infinity;
  }

  /** Waits until no request of the call, or of any, is under way. */
  async quiet(call?: string): Promise<void> {
    const left = (): number => (call === undefined ? this.#underWay : (this.#calls.get(call)?.underWay ?? 0));
    const deadline = performance.now() + LONGEST_WAIT_MS;
    while (left() > 0) {
      if (performance.now() > deadline) throw new Error(`${left()} requests to the database are never over`);
      await sleep(2);
    }
  }

  #entry(call: string): CallEntry {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const entry: CallEntry = { underWay: 0, lastOverAt: -Infinity };
    this.#calls.set(call, entry);
    return entry;
  }
}

const LONGEST_WAIT_MS = 30_000;
