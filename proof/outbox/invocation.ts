import type { Context, DynamoDBBatchResponse } from "aws-lambda";
import type { Draws } from "../../test/support/seeded.ts";
import type { OutboxHandlerDependencies } from "../../functions/outbox-handler.ts";
import type { SessionEvent } from "../../src/outbox/events.ts";
import type { Untold } from "../../src/outbox/untold.ts";
import type { Telemetry } from "../../src/runtime/telemetry.ts";
import { recordingClient, type Sent } from "../model/execution.ts";
import { SESSIONS } from "../model/request.ts";
import type { Change } from "./changes.ts";
import type { LoadedOutbox } from "./load-outbox.ts";

/** How often each of the function's targets fails: 0 is never, 1 always. */
export interface Weather {
  readonly bus: number;
  readonly queue: number;
  readonly push: number;
  /** Reads of the table. */
  readonly database: number;
}

/** All is well. */
export const FINE: Weather = { bus: 0, queue: 0, push: 0, database: 0 };

/** By so much its clock moves at each look, so that an outage ends its patience before the requests end. */
const LOOK_MS = 500;

/** Something that the function waits for. */
export type Waiting =
  | { readonly waiting: "bus"; readonly events: readonly SessionEvent[]; settle(verdicts: Verdicts): void }
  | { readonly waiting: "queue"; readonly untold: readonly Untold[]; settle(verdicts: Verdicts): void }
  | { readonly waiting: "hint"; readonly channel: string; settle(isTaken: boolean): void };

/** What a service answers: which it took, an error, or fewer answers than things. */
export type Verdicts = readonly boolean[] | "error";

/** How a call of the function ended. */
export type Outcome =
  | { readonly outcome: "answered"; readonly failed: readonly string[] }
  | { readonly outcome: "threw"; readonly error: unknown };

/** A call of the function with a batch of records, as the scheduler drives it. */
export class Invocation {
  readonly changes: readonly Change[];
  readonly era: string;
  readonly startedAt: number;
  readonly sent: Sent[] = [];
  readonly waiting: Waiting[] = [];
  outcome: Outcome | undefined;

  constructor(
    { createOutboxHandler }: LoadedOutbox,
    given: { readonly changes: readonly Change[]; readonly era: string; readonly clock: () => number },
  ) {
    this.changes = given.changes;
    this.era = given.era;
    this.startedAt = given.clock();
    const handler = createOutboxHandler(this.#dependencies(given));
    const event = { Records: this.changes.map(({ record }) => record) };
    void handler(event, CONTEXT).then(
      ({ batchItemFailures }: DynamoDBBatchResponse) => {
        const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        this.outcome = { outcome: "answered", failed };
      },
      (error: unknown) => {
        this.outcome = { outcome: "threw", error };
      },
    );
  }

  #dependencies({ era, clock }: { readonly era: string; readonly clock: () => number }) {
    let looked = 0;
    const dependencies: OutboxHandlerDependencies = {
      documents: recordingClient(this.sent),
      tableName: SESSIONS,
      era,
      clock,
      sleep: () => Promise.resolve(),
      jitter: () => 0,
      stopwatch: () => (looked += LOOK_MS),
      telemetry: SILENT,
      putEvents: (events) =>
        this.#wait((resolve, reject) => ({
          waiting: "bus",
          events,
          settle: (verdicts) => settleBy(verdicts, resolve, reject),
        })),
      sendToQueue: (untold) =>
        this.#wait((resolve, reject) => ({
          waiting: "queue",
          untold,
          settle: (verdicts) => settleBy(verdicts, resolve, reject),
        })),
      publishHint: (channel) =>
        this.#wait((resolve: (nothing: undefined) => void, reject) => ({
          waiting: "hint",
          channel,
          settle: (isTaken) => {
            if (isTaken) resolve(undefined);
            else reject(new Error("the hint was not taken"));
          },
        })),
    };
    return dependencies;
  }

  #wait<T>(make: (resolve: (value: T) => void, reject: (error: Error) => void) => Waiting): Promise<T> {
    return new Promise<T>((resolve, reject) => this.waiting.push(make(resolve, reject)));
  }
}

type Answers = readonly ({ readonly code: string } | undefined)[];

function settleBy(
  verdicts: Verdicts,
  resolve: (answers: Answers) => void,
  reject: (error: Error) => void,
): void {
  if (verdicts === "error") reject(new Error("no answer"));
  else resolve(verdicts.map((isTaken) => (isTaken ? undefined : { code: "ThrottlingException" })));
}

/** Which of the things a service takes, and what it says of that. */
export function verdictOf(
  draws: Draws,
  size: number,
  failing: number,
): { readonly taken: readonly boolean[]; readonly told: Verdicts } {
  const none = Array.from({ length: size }, () => false);
  if (failing === 1 || draws.chance(failing / 3)) return { taken: none, told: "error" };
  const taken = none.map(() => !draws.chance(failing));
  // Taken, and the answer is lost.
  if (draws.chance(failing / 3)) return { taken, told: "error" };
  return { taken, told: draws.chance(failing / 5) ? taken.slice(0, -1) : taken };
}

/** Without the time that is left: a timer would wait for the end of a call that was killed. */
const CONTEXT = { awsRequestId: "request", functionName: "outbox" } as unknown as Context;

/** Nothing is asserted of lines and counts here. */
const nothing = (): void => undefined;
const SILENT: Telemetry = {
  begin: () => ({
    note: nothing,
    count: nothing,
    audit: nothing,
    contention: nothing,
    outbox: nothing,
    activityLost: nothing,
    routine: nothing,
    fault: nothing,
    end: nothing,
  }),
  touchFailed: nothing,
};
