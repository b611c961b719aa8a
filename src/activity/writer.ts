import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind } from "../dynamodb/faults.ts";
import type { ActivityRecord } from "./activity.ts";
import { addToHour, countsOf } from "./hours.ts";
import { keptMs, toRecordItem } from "./items.ts";
import type { ActivityWriter, LostActivity } from "./store.ts";
import { noteSuspect } from "./suspects.ts";

export interface ActivityWriterDependencies {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Puts under way at once: each is an item of its own, under a condition. */
const PUTS_AT_ONCE = 20;

/** The writer of activity (rule 34 of the design's activity). */
export function createActivityWriter(dependencies: ActivityWriterDependencies): ActivityWriter {
  const putAll = (records: readonly ActivityRecord[]) => putRecords(dependencies, records);
  return {
    putAll,
    async put(record) {
      const { fresh, lost } = await putAll([record]);
      const [failure] = lost;
      if (failure !== undefined) throw toUnavailable(failure.error);
      return fresh.length > 0 ? "new" : "known";
    },
  };
}

async function putRecords(dependencies: ActivityWriterDependencies, records: readonly ActivityRecord[]) {
  const putAt = dependencies.clock();
  const fresh: ActivityRecord[] = [];
  const lost: LostActivity[] = [];
  // What nobody could read any more is not worth an item.
  const kept = records.filter((record) => record.at + keptMs(record) >= putAt);
  await eachAtOnce(kept, async (record) => {
    try {
      if ((await putRecord(dependencies, record, putAt)) === "new") fresh.push(record);
    } catch (error) {
      lost.push({ what: "record", records: [record], error });
    }
  });
  // Only now: who dies before it has lost counts, and a recount finds them.
  await eachAtOnce(countsOf(fresh), async (hour) => {
    try {
      await addToHour(dependencies, hour, putAt);
    } catch (error) {
      lost.push({ what: "count", records: [], error });
    }
  });
  await eachAtOnce(fresh, async (record) => {
    try {
      await noteSuspect(dependencies, record);
    } catch (error) {
      lost.push({ what: "suspect", records: [record], error });
    }
  });
  return { fresh, lost };
}

async function putRecord(
  { documents, tableName }: ActivityWriterDependencies,
  record: ActivityRecord,
  putAt: number,
): Promise<"new" | "known"> {
  const { result } = await conditionalWrite(() =>
    documents.send(
      new PutCommand({
        TableName: tableName,
        Item: toRecordItem(record, putAt),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
  return result === "written" ? "new" : "known";
}

async function eachAtOnce<T>(things: readonly T[], task: (thing: T) => Promise<void>): Promise<void> {
  const remaining = things.values();
  const worker = async (): Promise<void> => {
    for (const thing of remaining) await task(thing);
  };
  await Promise.all(Array.from({ length: Math.min(PUTS_AT_ONCE, things.length) }, worker));
}

function toUnavailable(error: unknown): unknown {
  if (faultKind(error) === "fault") return error;
  return new StoreUnavailableError("DynamoDB did not keep a record", { effect: "unknown", cause: error });
}
