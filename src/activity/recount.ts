import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { BackoffDependencies } from "../dynamodb/backoff.ts";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { adding, hourTtl } from "./hours.ts";
import {
  COUNTED_KINDS,
  COUNTER_NAMES,
  counterOf,
  HOUR_MS,
  hourOf,
  listsOf,
  orderOf,
  type Counts,
  type Item,
} from "./items.ts";
import { BY_LIST_INDEX, hourKey } from "./table.ts";

export interface RecountDependencies extends Pick<BackoffDependencies, "sleep"> {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface Recounted {
  /** Hours whose counters are right now. */
  readonly hours: number;
  /** Those among them that were not. */
  readonly corrected: number;
  /** Hours for which there was no time. */
  readonly unfinished: number;
}

/**
 * An index shows what was put well within a second; what it does not show yet is counted at the next recount.
 */
const INDEX_LAG_MS = 3000;

/**
 * Corrects the counters of the hours from one to another by the records (rule 34). It may run whenever, and
 * twice at once. Each hour is marked first with the time. From then on no count is taken of records that were
 * put before; those, and only those, are what is counted here, so that nothing counts twice. The counters as
 * they were at the mark are corrected by the difference, so that counts of newer records stay.
 * @param isLate says when to begin no further hour.
 * @throws StoreUnavailableError
 */
export async function recount(
  dependencies: RecountDependencies,
  { from, to }: { readonly from: number; readonly to: number },
  isLate: () => boolean = () => false,
): Promise<Recounted> {
  const mark = dependencies.clock();
  const marked: { readonly hour: number; readonly seen: Item }[] = [];
  for (let hour = hourOf(from); hour <= hourOf(Math.min(to, mark)); hour += HOUR_MS) {
    const seen = await markHour(dependencies, hour, mark);
    // Marked at this time or a later one: another recount has it.
    if (seen !== undefined) marked.push({ hour, seen });
  }
  await dependencies.sleep(INDEX_LAG_MS);
  let corrected = 0;
  let hours = 0;
  for (const { hour, seen } of marked) {
    if (isLate()) break;
    const difference = differenceOf(await countRecords(dependencies, hour, mark), seen);
    hours += 1;
    if (Object.keys(difference).length === 0) continue;
    if (await correct(dependencies, hour, difference, mark)) corrected += 1;
  }
  return { hours, corrected, unfinished: marked.length - hours };
}

/** @returns the item of the hour as it is at the mark. */
async function markHour(
  { documents, tableName }: RecountDependencies,
  hour: number,
  mark: number,
): Promise<Item | undefined> {
  const marking = await conditionalWrite(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: hourKey(hour),
        ConditionExpression: "attribute_not_exists(recountedAt) OR recountedAt <= :mark",
        UpdateExpression: "SET recountedAt = :mark, #ttl = :ttl",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: { ":mark": mark, ":ttl": hourTtl(hour) },
        ReturnValues: "ALL_NEW",
      }),
    ),
  );
  return marking.result === "written" ? marking.output.Attributes : undefined;
}

/** Counts the records of an hour that were put before the mark. */
async function countRecords(dependencies: RecountDependencies, hour: number, mark: number): Promise<Counts> {
  const counts: Counts = {};
  await Promise.all(
    listsOf(COUNTED_KINDS).map(async (list) => {
      let start: Item | undefined;
      do {
        const answer = await queryList(dependencies, { list, hour, mark, start });
        for (const item of answer.Items ?? []) {
          const counter = counterOf(item as Parameters<typeof counterOf>[0]);
          if (counter !== undefined) counts[counter] = (counts[counter] ?? 0) + 1;
        }
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
    }),
  );
  return counts;
}

const queryList = (
  { documents, tableName }: RecountDependencies,
  of: {
    readonly list: string;
    readonly hour: number;
    readonly mark: number;
    readonly start: Item | undefined;
  },
) =>
  reading(() =>
    documents.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: BY_LIST_INDEX.name,
        KeyConditionExpression: "#list = :list AND #place BETWEEN :from AND :to",
        FilterExpression: "putAt < :mark",
        ProjectionExpression: "#kind, #reason",
        ExpressionAttributeNames: {
          "#list": BY_LIST_INDEX.partitionKey,
          "#place": BY_LIST_INDEX.sortKey,
          "#kind": "kind",
          "#reason": "reason",
        },
        ExpressionAttributeValues: {
          ":list": of.list,
          ":from": orderOf(of.hour),
          ":to": orderOf(of.hour + HOUR_MS),
          ":mark": of.mark,
        },
        ...(of.start && { ExclusiveStartKey: of.start }),
      }),
    ),
  );

function differenceOf(counted: Counts, seen: Item): Counts {
  const difference: Counts = {};
  for (const counter of COUNTER_NAMES) {
    const more = (counted[counter] ?? 0) - ((seen[counter] as number | undefined) ?? 0);
    if (more !== 0) difference[counter] = more;
  }
  return difference;
}

/** Once for each mark, however often it is sent; and not where a later recount has marked the hour. */
async function correct(
  { documents, tableName }: RecountDependencies,
  hour: number,
  difference: Counts,
  mark: number,
): Promise<boolean> {
  const { expression, names, values } = adding(difference);
  const correction = await conditionalWrite(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: hourKey(hour),
        ConditionExpression:
          "recountedAt = :mark AND (attribute_not_exists(correctedAt) OR correctedAt < :mark)",
        UpdateExpression: `SET correctedAt = :mark ${expression}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ":mark": mark, ...values },
      }),
    ),
  );
  return correction.result === "written";
}
