import { measureLive, type Measured } from "../src/activity/live.ts";
import { recount, type Recounted } from "../src/activity/recount.ts";
import type { BackoffDependencies } from "../src/dynamodb/backoff.ts";
import type { DocumentClient } from "../src/dynamodb/document-client.ts";
import { createPlainFunction, type CallDependencies, type LambdaFunction } from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import type { Telemetry } from "../src/runtime/telemetry.ts";
import type { TableNames } from "./parts.ts";

/** What the function is made of; time, chance and waiting are the real ones unless given. */
export interface RecountParts extends Partial<BackoffDependencies> {
  readonly documents: DocumentClient;
  readonly tables: Pick<TableNames, "sessions" | "activity">;
  readonly settings: Pick<FunctionSettings, "era">;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

export interface RecountHandlerDependencies
  extends CallDependencies, Pick<BackoffDependencies, "sleep" | "jitter"> {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  readonly sessionsTable: string;
  readonly era: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What the function is asked to do. */
export interface RecountTask {
  readonly task: "measure" | "recount";
}

/** As far back as the recount goes, which is each hour at two recounts at least. */
const RECOUNTED_MS = 2 * 24 * 60 * 60_000;
/** An hour of a busy day is some dozen queries. */
const HOUR_TAKES_MS = 60_000;

/**
 * Keeps the counters of activity right, as the construct's schedules ask: `measure` says how many sessions
 * are live, `recount` corrects the counters of the last two days by the records.
 */
export function createRecountHandler(
  dependencies: RecountHandlerDependencies,
): LambdaFunction<RecountTask, Measured | Recounted> {
  return createPlainFunction(dependencies, "recount", async ({ input, record, remainingMs }) => {
    const task = (input as Partial<RecountTask> | null | undefined)?.task;
    switch (task) {
      case "measure": {
        const measured = await measureLive(dependencies);
        record.routine();
        return measured;
      }
      case "recount": {
        const now = dependencies.clock();
        const range = { from: now - RECOUNTED_MS, to: now };
        const result = await recount(dependencies, range, () => remainingMs() < HOUR_TAKES_MS);
        record.note({ outcome: result.unfinished > 0 ? "unfinished" : "recounted" });
        return result;
      }
      case undefined:
      default:
        throw new Error(`the event has no task that is known: ${String(task)}`);
    }
  });
}
