import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { InvocationResult } from "../lambda/function-instance.ts";
import type { MappingModel } from "../model/mapping-model.ts";
import type { StreamRecord } from "./stream-client.ts";

/** A batch that a mapping gave up. */
export interface LostBatch {
  readonly functionName: string;
  readonly records: readonly StreamRecord[];
  /** As Lambda says to the destination of failures. */
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly invocations: number;
  /** What the last invocation failed with. */
  readonly reason: string;
}

/** A batch that fails again and again, and is tried again. */
export type HeldBatch = Pick<LostBatch, "records" | "invocations" | "reason">;

export interface BatchRunnerOptions {
  readonly mapping: MappingModel;
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  /** All records up to and with this one need not be delivered again. */
  readonly onDone: (last: StreamRecord) => void;
  readonly onLost: (batch: LostBatch) => void;
  /** Told once of records that fail again and again: what comes after them in their shard waits. */
  readonly onHeld: (batch: HeldBatch) => void;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Lambda's own pauses between tries are not documented; these grow from the first to the last. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** Some 1.5 s of tries: what passes by itself usually has. */
const HELD_AFTER = 6;

/**
 * Invokes the function with the records of a shard as an event source mapping does: in batches, tried again
 * until they pass or their retries are used up, halved at a fault where the mapping bisects, and only from
 * the first item on that the function reported to have failed.
 */
export function createBatchRunner(options: BatchRunnerOptions) {
  const { mapping, signal } = options;

  async function attempt(records: readonly StreamRecord[]): Promise<Attempt> {
    const result = await options.invoke(JSON.stringify({ Records: records }));
    if (result.outcome === "fault") {
      return {
        outcome: "failed",
        from: 0,
        reason: `${result.fault.errorType}: ${result.fault.errorMessage}`,
      };
    }
    return mapping.reportsItemFailures ? readReport(result.payload, records) : { outcome: "passed" };
  }

  function giveUp(records: readonly StreamRecord[], lost: Omit<LostBatch, "functionName" | "records">): void {
    options.onLost({ functionName: mapping.functionName, records, ...lost });
    done(records);
  }

  function done(records: readonly StreamRecord[]): void {
    const last = records.at(-1);
    if (last !== undefined) options.onDone(last);
  }

  const isTooOld = (record: StreamRecord): boolean => {
    const age = options.clock() / 1000 - record.dynamodb.ApproximateCreationDateTime;
    return mapping.longestAgeSeconds !== undefined && age > mapping.longestAgeSeconds;
  };

  return async function run(records: readonly StreamRecord[]): Promise<void> {
    let rest = records;
    for (let tries = 1; rest.length > 0 && !signal.aborted; tries += 1) {
      const result = await attempt(rest);
      // What is being stopped answers with faults, which say nothing of the records.
      if (isAborted(signal)) return;
      if (result.outcome === "passed") {
        done(rest);
        return;
      }
      const { reason } = result;
      if (result.from > 0) done(rest.slice(0, result.from));
      rest = rest.slice(result.from);
      if (mapping.bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await run(rest.slice(0, middle));
        return run(rest.slice(middle));
      }
      if (mapping.mostRetries !== undefined && tries > mapping.mostRetries) {
        giveUp(rest, { condition: "RetryAttemptsExhausted", invocations: tries, reason });
        return;
      }
      if (rest[0] !== undefined && isTooOld(rest[0])) {
        giveUp(rest, { condition: "RecordAgeExceeded", invocations: tries, reason });
        return;
      }
      if (tries === HELD_AFTER) options.onHeld({ records: rest, invocations: tries, reason });
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  };
}

/** Asked again after a wait, which the compiler does not know to change it. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

type Attempt =
  | { readonly outcome: "passed" }
  /** `from` is the first record to try again. */
  | { readonly outcome: "failed"; readonly from: number; readonly reason: string };

const reportSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/**
 * "Reporting batch item failures": an empty or absent list is a success of all; the lowest sequence number is
 * where is begun again; what cannot be read, or names no record of the batch, is a failure of all.
 */
function readReport(payload: string, records: readonly StreamRecord[]): Attempt {
  const report = reportSchema.safeParse(payload === '""' ? null : JSON.parse(payload));
  if (!report.success) {
    return { outcome: "failed", from: 0, reason: "its answer is no report of batch item failures" };
  }
  const failures = report.data?.batchItemFailures ?? [];
  if (failures.length === 0) return { outcome: "passed" };
  const places = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  const reason = `it reported ${failures.length} of ${records.length} records as failed`;
  return { outcome: "failed", from: Math.max(0, Math.min(...places)), reason };
}
