import { setImmediate } from "node:timers/promises";
import type { Sent } from "../model/execution.ts";
import { showRequest } from "../model/show.ts";
import type { Pending } from "../sign-ins/simulated-database.ts";
import { Invocation, verdictOf, type Waiting } from "./invocation.ts";
import type { LoadedOutbox } from "./load-outbox.ts";
import type { Shard } from "./mapping.ts";
import { brief, type World } from "./world.ts";

/** The function, as the mapping calls it for each shard, and everything that it waits for. */
export class OutboxAtWork {
  readonly #outbox: LoadedOutbox;
  readonly #world: World;
  readonly #calls = new Map<Shard, Invocation>();
  readonly #answered = new Map<Invocation, { pending: Map<number, Pending>; done: Set<number> }>();

  constructor(outbox: LoadedOutbox, world: World) {
    this.#outbox = outbox;
    this.#world = world;
  }

  get isDone(): boolean {
    return this.#calls.size === 0 && this.#world.shards.every(({ isDone }) => isDone);
  }

  /** Something of it goes on. @param isWell nothing fails any more. */
  async work(isWell: boolean): Promise<void> {
    const shard = this.#world.draws.pick(this.#world.shards);
    const call = this.#calls.get(shard);
    if (call === undefined) return this.#call(shard);
    if (call.outcome !== undefined) {
      this.#world.trace.push(`outbox ends: ${brief(call.outcome)}`);
      this.#calls.delete(shard);
      this.#world.oracle.answered(call, call.outcome);
      shard.settle(call.outcome);
      return;
    }
    if (!isWell && this.#world.draws.chance(0.03)) {
      this.#world.trace.push("outbox is killed");
      this.#calls.delete(shard);
      shard.settle(undefined);
      return;
    }
    const open = call.sent.filter(({ request }) => !this.#answeredOf(call).has(request.index));
    const things = [...open.map((sent) => ({ sent })), ...call.waiting.map((waiting) => ({ waiting }))];
    if (things.length === 0) {
      await setImmediate();
      return;
    }
    const thing = this.#world.draws.pick(things);
    if ("sent" in thing) this.#answerCall(call, thing.sent, isWell);
    else this.#settle(call, thing.waiting);
    await setImmediate();
  }

  #answeredOf(call: Invocation): Set<number> {
    const known = this.#answered.get(call) ?? { pending: new Map(), done: new Set() };
    this.#answered.set(call, known);
    return known.done;
  }

  async #call(shard: Shard): Promise<void> {
    const changes = shard.next();
    if (changes.length === 0) return;
    this.#world.trace.push(`outbox is called: ${changes.map(({ pk }) => pk).join(", ")}`);
    this.#calls.set(
      shard,
      new Invocation(this.#outbox, { changes, era: String(this.#world.era), clock: () => this.#world.time }),
    );
    await setImmediate();
  }

  #answerCall(call: Invocation, sent: Sent, isWell: boolean): void {
    const done = this.#answeredOf(call);
    const { index } = sent.request;
    if (!isWell && this.#world.draws.chance(Math.max(this.#world.weather.database, 0.03))) {
      done.add(index);
      sent.settle({ answer: this.#world.draws.pick(["throttled", "timeout"] as const) });
      return;
    }
    const answer = this.#world.answerTo(this.#answered.get(call)!.pending, sent);
    if (answer === undefined) return;
    done.add(index);
    this.#world.trace.push(`outbox: ${showRequest(sent.request)} → ${brief(answer)}`);
    sent.settle(answer);
  }

  #settle(call: Invocation, one: Waiting): void {
    call.waiting.splice(call.waiting.indexOf(one), 1);
    switch (one.waiting) {
      case "hint":
        this.#world.oracle.hinted(one.channel, call, this.#world.database.now, this.#world.time);
        one.settle(!this.#world.draws.chance(this.#world.weather.push));
        return;
      case "bus": {
        this.#world.oracle.called(one.events, call);
        const { taken, told } = verdictOf(this.#world.draws, one.events.length, this.#world.weather.bus);
        for (const [index, event] of one.events.entries())
          if (taken[index]) this.#world.oracle.told(event, "bus", call);
        this.#world.trace.push(
          `bus: ${one.events.map(({ kind }) => kind).join(" ")} ${JSON.stringify(taken)}`,
        );
        one.settle(told);
        return;
      }
      case "queue": {
        const { taken, told } = verdictOf(this.#world.draws, one.untold.length, this.#world.weather.queue);
        for (const [index, untold] of one.untold.entries())
          if (taken[index]) this.#world.oracle.kept(untold, call);
        this.#world.trace.push(`queue: ${one.untold.length} ${JSON.stringify(taken)}`);
        one.settle(told);
      }
    }
  }
}
