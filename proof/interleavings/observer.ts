import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { fromEndingItem, fromRosterItem, fromSessionItem } from "../../src/sessions/items.ts";
import type { Ending } from "../../src/sessions/ending.ts";
import { isUnexpired, type Session } from "../../src/sessions/session.ts";
import {
  endingKey,
  rosterKey,
  sessionIdInEndingKey,
  sessionIdInKey,
  sessionKey,
} from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { LARGEST_SKEW_MS, type Plan } from "./plan.ts";

/** An invariant of design section 4 that does not hold. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";

  constructor(invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6", what: string) {
    super(`${invariant}: ${what}`);
  }
}

/** All that the table says of the sessions of a run, at one moment. */
export interface Sight {
  readonly sessions: ReadonlyMap<SessionId, Session>;
  readonly endings: ReadonlyMap<SessionId, Ending>;
}

/** Looks at the table itself between any two requests, and holds it to what must be so at every instant. */
export class Observer {
  /** Every session there ever was, as it was seen last. */
  readonly seen = new Map<SessionId, Session>();
  /** The most sessions of alice that were live at once. */
  mostLive = 0;
  /** By session, who answered that it has ended. */
  readonly answeredEnded = new Map<SessionId, string>();
  readonly #pks = new Set<string>();
  readonly #gone = new Set<SessionId>();
  readonly #documents: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #limit: number;

  constructor(documents: DynamoDBDocumentClient, tableName: string, { policy }: Plan) {
    this.#documents = documents;
    this.#tableName = tableName;
    this.#limit = policy.limit;
  }

  /** An item to look at from now on. */
  name(pk: string): void {
    this.#pks.add(pk);
    if (pk.startsWith(sessionKey("").pk)) this.#pks.add(endingKey(sessionIdInKey(pk)).pk);
  }

  get pks(): string[] {
    return [...this.#pks];
  }

  /** The table now; `now` is the true time. */
  async look(now: number): Promise<Sight> {
    const { sessions, endings, rosters } = await this.#read();
    for (const [id, session] of sessions) {
      if (this.#gone.has(id))
        throw new InvariantError("I3", `${id} had ended, and there is an item of it again`);
      this.seen.set(id, session);
    }
    for (const id of this.seen.keys()) if (!sessions.has(id)) this.#gone.add(id);

    // By the slowest clock, to which most sessions are live.
    const live = [...sessions.values()].filter((session) => isUnexpired(session, now - LARGEST_SKEW_MS));
    for (const [userId, own] of Map.groupBy(live, (session) => session.user.id)) {
      if (userId === "alice") this.mostLive = Math.max(this.mostLive, own.length);
      if (own.length > this.#limit) {
        throw new InvariantError("I4", `${own.length} sessions of ${userId} are live, ${list(own)}`);
      }
      const listed = rosters.get(userId) ?? [];
      const missed = own.filter(({ id }) => !listed.includes(id));
      if (missed.length > 0) throw new InvariantError("I2", `the roster of ${userId} misses ${list(missed)}`);
    }
    for (const [id, who] of this.answeredEnded) {
      if (live.some((session) => session.id === id)) {
        throw new InvariantError("I4", `${id} is live after ${who} answered that it ended`);
      }
    }
    return { sessions, endings };
  }

  async #read() {
    const sessions = new Map<SessionId, Session>();
    const endings = new Map<SessionId, Ending>();
    const rosters = new Map<string, SessionId[]>();
    for (const item of await this.#items()) {
      const pk = item["pk"] as string;
      if (pk.startsWith(sessionKey("").pk)) {
        const id = sessionIdInKey(pk) as SessionId;
        sessions.set(id, fromSessionItem(id, item));
      } else if (pk.startsWith(endingKey("").pk)) {
        const id = sessionIdInEndingKey(pk) as SessionId;
        endings.set(id, fromEndingItem(id, item));
      } else if (pk.startsWith(rosterKey("").pk)) {
        const entries = fromRosterItem(item).entries;
        rosters.set(
          pk.slice(rosterKey("").pk.length),
          entries.map(({ id }) => id),
        );
      }
    }
    return { sessions, endings, rosters };
  }

  async #items(): Promise<Record<string, unknown>[]> {
    if (this.#pks.size === 0) return [];
    const Keys = this.pks.map((pk) => ({ pk }));
    const answer = await this.#documents.send(
      new BatchGetCommand({ RequestItems: { [this.#tableName]: { Keys, ConsistentRead: true } } }),
    );
    return answer.Responses?.[this.#tableName] ?? [];
  }
}

const list = (sessions: readonly Session[]): string =>
  sessions.map(({ id, device }) => `${id} (${device.label})`).join(" and ");
