import type { SessionId } from "../../src/sessions/token.ts";
import type { Draws } from "../../test/support/seeded.ts";
import type { Answer } from "../model/answer.ts";
import type { Sent } from "../model/execution.ts";
import { START } from "../model/scenario.ts";
import { SimulatedDatabase, type Pending } from "../sign-ins/simulated-database.ts";
import { DEVICES, type Society } from "./calls.ts";
import { ChangeCapture, sessionIdOf, type Cause } from "./changes.ts";
import { FINE } from "./invocation.ts";
import { Shard } from "./mapping.ts";
import { Oracle } from "./oracle.ts";

/** All that a history is about: the table and its stream, the time, who there is, and what is known of it. */
export class World {
  readonly draws: Draws;
  readonly database: SimulatedDatabase;
  readonly shards: readonly Shard[];
  readonly society: Society;
  readonly oracle: Oracle;
  readonly trace: string[] = [];
  readonly seenWhole = new Set<SessionId>();
  readonly #capture = new ChangeCapture();
  /** The eras of the operations under way. */
  eras: readonly string[] = [];
  weather = FINE;
  time = START;
  era = 1;
  step = 0;
  /** Sessions' items that were inserted or removed. */
  changes = 0;

  constructor(draws: Draws) {
    this.draws = draws;
    this.database = new SimulatedDatabase(draws);
    this.shards = [new Shard(draws), new Shard(draws)];
    const quarrels = draws.chance(0.25);
    const secrets = new Set(
      DEVICES.flatMap(({ id = "", userAgent = "", address = "" }) => [id, userAgent, address]),
    );
    const policy = {
      limit: quarrels ? 1 : draws.pick([1, 1, 2, 3]),
      atLimit: draws.pick(["displace", "displace", "displace", "deny"] as const),
    };
    this.society = { policy, quarrels, holders: [], signIns: [], secrets };
    this.oracle = new Oracle(secrets);
  }

  /** Carries out a part of a request. @returns its answer, where that is all of it. */
  answerTo(pendings: Map<number, Pending>, sent: Sent): Answer | undefined {
    const { index } = sent.request;
    const pending = pendings.get(index) ?? { sent, batch: [] };
    pendings.set(index, pending);
    return this.changing({ cause: "write" }, () => this.database.advance(pending));
  }

  /** Whatever changes meanwhile gets into the stream, and is seen by the oracle. */
  changing<T>(cause: Cause, action: () => T): T {
    const before = this.database.now;
    const result = action();
    const { time, step, eras } = this;
    for (const change of this.#capture.between(before, this.database.now, cause, { time, step, eras })) {
      this.oracle.changed(change);
      this.#note(change);
      this.shards[change.pk.charCodeAt(change.pk.length - 2) % this.shards.length]?.add(change);
    }
    return result;
  }

  #note({ pk, before, after, cause, record }: ReturnType<ChangeCapture["between"]>[number]): void {
    const id = sessionIdOf(pk);
    if (id === undefined) return;
    const channel = (after ?? before)?.["channel"];
    if (typeof channel === "string") this.society.secrets.add(channel);
    if (before !== undefined && after !== undefined) return;
    this.changes++;
    this.trace.push(`record: ${record.eventName} ${id} (${cause.cause})`);
  }
}

/** As much of something as a line of a trace needs. */
export const brief = (thing: unknown): string => JSON.stringify(thing).slice(0, 200);
