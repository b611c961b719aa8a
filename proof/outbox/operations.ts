import { setImmediate } from "node:timers/promises";
import type { StoreDependencies } from "../../src/sessions/dependencies.ts";
import { recordingClient, type Sent } from "../model/execution.ts";
import type { ModelledProduct } from "../model/product.ts";
import { askOf } from "../model/request.ts";
import { SETTINGS } from "../model/scenario.ts";
import { showRequest } from "../model/show.ts";
import type { Pending } from "../sign-ins/simulated-database.ts";
import { nextPlay } from "./calls.ts";
import { Violation } from "./oracle.ts";
import { brief, type World } from "./world.ts";

const PUSH = { url: "wss://push.example", host: "push.example", publishUrl: "https://push.example/event" };

interface Running {
  readonly name: string;
  readonly era: string;
  readonly sent: Sent[];
  readonly pending: Map<number, Pending>;
  readonly answered: Set<number>;
  isDone: boolean;
  /** Its function is no more: what it sent may still take effect, and nobody hears the answer. */
  isGone: boolean;
}

/** The operations of clients and administrators that are under way. */
export class Operations {
  readonly #product: ModelledProduct;
  readonly #world: World;
  #running: Running[] = [];
  #fault: string | undefined;
  begun = 0;

  constructor(product: ModelledProduct, world: World) {
    this.#product = product;
    this.#world = world;
  }

  get atOnce(): number {
    return this.#running.length;
  }

  async begin(): Promise<void> {
    const name = `op${this.begun++}`;
    const play = nextPlay(this.#product, this.#world.draws, this.#world.society, {
      name,
      time: this.#world.time,
    });
    const skewMs = this.#world.draws.pick([0, 0, 0, -4000, 4000]);
    const era = String(this.#world.era);
    const running: Running = {
      ...{
        name: `${play.what} ${name}`,
        era,
        sent: [],
        pending: new Map(),
        answered: new Set(),
        isDone: false,
        isGone: false,
      },
    };
    let waited = 0;
    const done = play.run({
      documents: recordingClient(running.sent),
      settings: {
        ...SETTINGS,
        era,
        places: true,
        push: PUSH,
        logoutAllSessions: this.#world.draws.chance(0.5),
      },
      clock: () => this.#world.time + skewMs,
      sleep: () => Promise.resolve(),
      jitter: () => 0,
      stopwatch: () => (waited += 100),
      seenWhole: this.#world.seenWhole as unknown as StoreDependencies["seenWhole"],
    });
    this.#running.push(running);
    this.#note();
    this.#world.trace.push(`${running.name} begins, clock ${skewMs}`);
    void done.then(
      () => void (running.isDone = true),
      (error: unknown) => {
        running.isDone = true;
        const { name: kind = "", message = "" } = error as Partial<Error>;
        if (kind !== "StoreUnavailableError" && kind !== "SessionsMayLiveError")
          this.#fault = `${play.what} failed: ${kind} ${message}`;
      },
    );
    await setImmediate();
    this.#settled(running);
  }

  /** @throws Violation where an operation failed for no fault of the database's. */
  check(): void {
    if (this.#fault !== undefined) throw new Violation(this.#fault);
  }

  /** One of them gets a part of its way further. */
  async advance(): Promise<void> {
    const running = this.#world.draws.pick(this.#running);
    const open = running.sent.filter(({ request }) => !running.answered.has(request.index));
    const sent = open.length === 0 ? undefined : this.#world.draws.pick(open);
    // A bulk revocation is long, and what it leaves undone shows between its writes.
    const isBulk = sent?.request.command === "BatchWriteCommand";
    if (!running.isGone && this.#world.draws.chance(isBulk ? 0.15 : 0.01)) {
      running.isGone = true;
      this.#world.trace.push(`${running.name} is killed`);
    }
    // Of what was sent by a function that is no more, some gets lost on its way.
    const begun = (index: number) => running.pending.get(index)?.begun !== undefined;
    if (
      sent === undefined ||
      (running.isGone && !begun(sent.request.index) && this.#world.draws.chance(0.5))
    ) {
      if (sent !== undefined) running.answered.add(sent.request.index);
      this.#settled(running);
      return;
    }
    const answer = this.#world.answerTo(running.pending, sent);
    if (answer === undefined) return;
    running.answered.add(sent.request.index);
    const isLost = this.#world.draws.chance(0.02) && askOf(sent.request).ask !== "write-each";
    this.#world.trace.push(
      `${running.name}: ${showRequest(sent.request)} → ${isLost ? "LOST " : ""}${brief(answer)}`,
    );
    if (!running.isGone) {
      sent.settle(isLost ? { answer: "timeout" } : answer);
      await setImmediate();
    }
    this.#settled(running);
  }

  #settled(running: Running): void {
    const isThrough = running.sent.every(({ request }) => running.answered.has(request.index));
    if (running.isGone ? isThrough : running.isDone && isThrough)
      this.#running = this.#running.filter((other) => other !== running);
    this.#note();
  }
  /** Which eras are at work now. */
  #note(): void {
    this.#world.eras = this.#running.map(({ era }) => era);
  }
}
