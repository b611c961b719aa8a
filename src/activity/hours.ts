import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { createHash } from "node:crypto";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import { ACTIVITY_MS, type ActivityRecord } from "./activity.ts";
import { counterOf, HOUR_MS, hourOf, type Counts } from "./items.ts";
import { hourKey } from "./table.ts";

/** The counters: an item an hour. */

export interface HoursDependencies {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
}

/** What some records add to an hour. */
export interface HourCounts {
  readonly hour: number;
  readonly counts: Counts;
  /** Tells these counts from all others. */
  readonly name: string;
}

/** What records that were new add to their hours. */
export function countsOf(records: readonly ActivityRecord[]): HourCounts[] {
  const byHour = Map.groupBy(records, ({ at }) => hourOf(at));
  return [...byHour].flatMap(([hour, some]) => {
    const counts: Counts = {};
    for (const record of some) {
      const counter = counterOf(record);
      if (counter !== undefined) counts[counter] = (counts[counter] ?? 0) + 1;
    }
    // A record is new once, and so the first of them has given its name to no other counts.
    return Object.keys(counts).length === 0 ? [] : [{ hour, counts, name: some[0]?.id ?? "" }];
  });
}

/** When the counters of an hour may go, as TTL wants it. */
export const hourTtl = (hour: number): number => ttlOf(hour + HOUR_MS + ACTIVITY_MS);

const NAMES_KEPT = 8;
const NAME_LENGTH = 12;

/**
 * Adds to the counters of an hour. Two things keep it from adding twice: where the answer is lost and the
 * client sends again, the name of the counts is there already; and a recount that has begun since the records
 * were put counts them itself.
 * @param putAt when the records were put.
 */
export async function addToHour(
  { documents, tableName }: HoursDependencies,
  { hour, counts, name }: HourCounts,
  putAt: number,
): Promise<void> {
  const hash = createHash("sha256").update(name).digest();
  const short = hash.toString("base64url").slice(0, NAME_LENGTH);
  const slot = `name${(hash[0] ?? 0) % NAMES_KEPT}`;
  const { expression, names, values } = adding(counts);
  await conditionalWrite(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: hourKey(hour),
        ConditionExpression:
          "(attribute_not_exists(recountedAt) OR recountedAt <= :putAt) AND " +
          "(attribute_not_exists(#slot) OR #slot <> :name)",
        UpdateExpression: `SET #ttl = :ttl, #slot = :name ${expression}`,
        ExpressionAttributeNames: { "#ttl": "ttl", "#slot": slot, ...names },
        ExpressionAttributeValues: { ":ttl": hourTtl(hour), ":putAt": putAt, ":name": short, ...values },
      }),
    ),
  );
}

/** The part of an update that adds to counters. */
export function adding(counts: Counts) {
  const entries = Object.entries(counts);
  return {
    expression: `ADD ${entries.map((_, index) => `#c${index} :c${index}`).join(", ")}`,
    names: Object.fromEntries(entries.map(([counter], index) => [`#c${index}`, counter])),
    values: Object.fromEntries(entries.map(([, count], index) => [`:c${index}`, count])),
  };
}
