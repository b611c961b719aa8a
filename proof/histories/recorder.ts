import { setTimeout as sleep } from "node:timers/promises";
import { currentCall, type CallContext } from "./call-context.ts";
import type { Answer, Call, Operation } from "./history.ts";
import type { Ledger } from "./ledger.ts";

/** How a call goes wrong that has nothing to do with the database. */
export type Fate =
  | { readonly fate: "none" }
  /** The execution environment stops so many milliseconds after the call began. */
  | { readonly fate: "crash"; readonly afterMs: number }
  /** The answer is lost on its way, or the client waits no longer; the function works on. */
  | { readonly fate: "lost-answer"; readonly afterMs: number };

interface Recorded {
  readonly call: Call;
  readonly answer: Answer;
}

interface Unsettled extends Omit<Operation, "settledAt" | "newSession" | "touchSettledAt"> {
  readonly context: string;
}

/** Runs calls and writes down when each was made, when it was answered and with what. */
export class Recorder {
  readonly #now: () => number;
  readonly #ledger: Ledger;
  readonly #operations: Unsettled[] = [];
  readonly #atWork = new Set<CallContext>();
  #contexts = 0;
  #inFlight = 0;
  #mostInFlight = 0;
  readonly fates = { crash: 0, "lost-answer": 0 };

  /** @param now virtual epoch milliseconds. */
  constructor(now: () => number, ledger: Ledger) {
    this.#now = now;
    this.#ledger = ledger;
  }

  get mostInFlight(): number {
    return this.#mostInFlight;
  }

  /**
   * Makes a call. `task` says what was asked and answered, as one operation or several; where its answer is
   * lost, `calls` are the operations.
   * @returns the call's id in the ledger, and the result unless it was lost.
   */
  async record<T>(
    client: string,
    fate: Fate,
    calls: readonly Call[],
    task: () => Promise<{ readonly recorded: readonly Recorded[]; readonly result: T }>,
  ): Promise<{ readonly context: string; readonly result: T | undefined }> {
    const context: CallContext = { id: String(this.#contexts++), crashed: false };
    this.#mostInFlight = Math.max(this.#mostInFlight, ++this.#inFlight);
    const invokedAt = this.#now();
    const outcome = await this.#meet(fate, context, task);
    const answeredAt = this.#now();
    this.#inFlight--;
    const recorded =
      outcome === "lost"
        ? calls.map((call) => ({ call, answer: { answer: "lost" } as const }))
        : outcome.recorded;
    for (const { call, answer } of recorded) {
      const id = this.#operations.length;
      this.#operations.push({ id, client, call, invokedAt, answeredAt, answer, context: context.id });
    }
    return { context: context.id, result: outcome === "lost" ? undefined : outcome.result };
  }

  async #meet<T>(fate: Fate, context: CallContext, task: () => Promise<T>): Promise<T | "lost"> {
    this.#atWork.add(context);
    const running = currentCall.run(context, task).finally(() => this.#atWork.delete(context));
    if (fate.fate === "none") return running;
    running.catch(() => undefined);
    const lost = sleep(fate.afterMs).then(() => "lost" as const);
    const outcome = await Promise.race([running, lost]);
    if (outcome === "lost") {
      this.fates[fate.fate]++;
      if (fate.fate === "crash") {
        context.crashed = true;
        this.#atWork.delete(context);
      }
    }
    return outcome;
  }

  /** Waits until a call's function is not at work any more; one that crashed never is. */
  async over(context: string): Promise<void> {
    const isAtWork = (): boolean => [...this.#atWork].some(({ id }) => id === context);
    await until(() => !isAtWork(), "a call never ends");
  }

  /** Waits until no function is at work and no request is under way. */
  async quiet(): Promise<void> {
    await until(() => this.#atWork.size === 0, "calls never end");
    await this.#ledger.quiet();
  }

  /** All operations, once all is quiet. */
  operations(): Operation[] {
    return this.#operations.map(({ context, ...operation }) => {
      const { call, answer, answeredAt } = operation;
      const overAt = Math.max(answeredAt, this.#ledger.settledAt(context));
      const newSession = isUnknown(answer) ? this.#ledger.newSessionOf(context) : undefined;
      const touches = call.call === "validate" && call.watch !== true && answer.answer === "live";
      return {
        ...operation,
        settledAt: isUnknown(answer) ? overAt : answeredAt,
        ...(newSession !== undefined && { newSession }),
        ...(touches && overAt > answeredAt && { touchSettledAt: overAt }),
      };
    });
  }
}

const LONGEST_WAIT_MS = 60_000;

async function until(holds: () => boolean, otherwise: string): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await sleep(5);
  }
}

const isUnknown = (answer: Answer): boolean =>
  answer.answer === "lost" || (answer.answer === "unavailable" && answer.effect === "unknown");
