import { setImmediate } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { errorOf, type Answer } from "./answer.ts";
import type { Operation, Result } from "./call.ts";
import { runOperation, type Common } from "./operation.ts";
import type { ModelledProduct } from "./product.ts";
import type { Request } from "./request.ts";

/** An answer that reached an operation. */
export interface Delivery {
  /** Which request it answers. */
  readonly index: number;
  readonly answer: Answer;
  /** The real time, epoch milliseconds. */
  readonly at: number;
  /** So late that the operation's patience with the database has ended. */
  readonly late: boolean;
}

/** How far an operation has come, having received certain answers. */
export interface Progress {
  readonly id: number;
  readonly operation: Operation;
  readonly startedAt: number;
  readonly deliveries: readonly Delivery[];
  /** What it waits for. */
  readonly pending: readonly Request[];
  readonly result: Result | undefined;
}

/** Changes the requests of an operation on their way, to see what a weaker protocol would lead to. */
export type Tamper = (input: Record<string, unknown>, command: string, index: number) => object;

/** More requests than any operation needs here: whoever sends more is going round in circles. */
const MOST_REQUESTS = 80;
/** Longer than any patience of the product. */
const LATE_MS = 3_600_000;

/**
 * Runs the product's own operations against answers of the model. An operation is a function of the answers
 * it got: to learn what it does next, it is run again from its start with all of them. Each such run is made
 * once and remembered.
 */
export class Executions {
  readonly #product: ModelledProduct;
  readonly #common: Common;
  readonly #tamper: Tamper;
  readonly #known = new Map<string, Progress>();

  constructor(product: ModelledProduct, common: Common, tamper: Tamper = (input) => input) {
    this.#product = product;
    this.#common = common;
    this.#tamper = tamper;
  }

  /** How many runs of operations there were. */
  get count(): number {
    return this.#known.size;
  }

  start(operation: Operation, at: number): Promise<Progress> | Progress {
    const key = `${operation.name}@${at}`;
    return this.#known.get(key) ?? this.#run(key, operation, at, []);
  }

  deliver(progress: Progress, delivery: Delivery): Promise<Progress> | Progress {
    const key = `${progress.id}/${JSON.stringify(delivery)}`;
    const { operation, startedAt, deliveries } = progress;
    return this.#known.get(key) ?? this.#run(key, operation, startedAt, [...deliveries, delivery]);
  }

  async #run(
    key: string,
    operation: Operation,
    startedAt: number,
    deliveries: readonly Delivery[],
  ): Promise<Progress> {
    const sent: Sent[] = [];
    let now = startedAt;
    let late = 0;
    let result: Result | undefined;
    void runOperation(this.#product, this.#common, operation, {
      documents: recordingClient(sent, this.#tamper),
      clock: () => now + (operation.skewMs ?? 0),
      sleep: () => Promise.resolve(),
      jitter: () => 0,
      stopwatch: () => late * LATE_MS,
    }).then((answered) => {
      result = answered;
    });
    // Everything an operation does between two requests is promises, which are through before the next turn
    // of the event loop.
    await setImmediate();
    for (const delivery of deliveries) {
      now = delivery.at;
      if (delivery.late) late++;
      sent[delivery.index]!.settle(delivery.answer);
      await setImmediate();
    }
    const answered = new Set(deliveries.map(({ index }) => index));
    const pending = sent.map(({ request }) => request).filter(({ index }) => !answered.has(index));
    const progress = { id: this.#known.size, operation, startedAt, deliveries, pending, result };
    this.#known.set(key, progress);
    return progress;
  }
}

/** A request of an operation, and the way to answer it. */
export interface Sent {
  readonly request: Request;
  readonly settle: (answer: Answer) => void;
}

interface SentCommand {
  readonly input: Record<string, unknown>;
  readonly middlewareStack: {
    resolve(
      last: (args: unknown) => Promise<unknown>,
      context: object,
    ): (args: object) => Promise<{ output: unknown }>;
  };
}

/**
 * A client that keeps each request until it is given its answer. The command's own middleware runs, as it
 * would on each try.
 */
export function recordingClient(sent: Sent[], tamper: Tamper = (input) => input): DynamoDBDocumentClient {
  const send = async (command: SentCommand): Promise<unknown> => {
    const index = sent.length;
    const name = command.constructor.name;
    if (index >= MOST_REQUESTS) throw new Error(`more than ${MOST_REQUESTS} requests in one operation`);
    const input = tamper(command.input, name, index) as Request["input"];
    const answered = Promise.withResolvers<Answer>();
    sent.push({ request: { index, command: name, input }, settle: answered.resolve });
    const through = command.middlewareStack.resolve(async () => {
      const answer = await answered.promise;
      const error = errorOf(answer);
      if (error !== undefined) throw error;
      // Whoever got it may do with it as it likes: it must not reach back into the record.
      return { output: answer.answer === "output" ? structuredClone(answer.output) : undefined };
    }, {});
    return (await through({ input: command.input })).output;
  };
  return { send } as unknown as DynamoDBDocumentClient;
}
