import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Jitter } from "../dynamodb/backoff.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { sessionKey } from "../sessions/table.ts";
import { hourTtl } from "./hours.ts";
import { HOUR_MS, hourOf, type Item } from "./items.ts";
import { queryHours } from "./reader.ts";
import { hourKey } from "./table.ts";

export interface MeasureDependencies {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  readonly sessionsTable: string;
  readonly era: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly jitter: Jitter;
}

export interface Measured {
  /** How many sessions are live, as far as a sample of the table says. */
  readonly live: number;
  /** Of how many parts of the table one was read; 1: all of it, so that `live` is exact. */
  readonly parts: number;
}

/** Megabytes that are read at most of a part, a page each. */
const MOST_PAGES = 4;
/** DynamoDB's own limit of segments. */
const MOST_PARTS = 1_000_000;

/**
 * Measures how many sessions are live, and keeps it with the hour. The counters cannot say it: a session that
 * nobody uses stays in the table until its absolute expiry, and only then its end is told. So sessions are
 * counted where they are: all of them while the table is small, else those of a part, by chance, of a size
 * that is soon read. Session ids are hashes, so that any part is like the whole. Nothing of a session but
 * that it is there is read.
 * @throws StoreUnavailableError
 */
export async function measureLive(dependencies: MeasureDependencies): Promise<Measured> {
  const { documents, tableName, clock } = dependencies;
  const now = clock();
  const hour = hourOf(now);
  const lately = await queryHours(dependencies, hour - HOUR_MS, hour);
  const measured = await measure(dependencies, now, firstParts(lately.at(-1)));
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: hourKey(hour),
      UpdateExpression: "SET live = :live, liveAt = :now, liveParts = :parts, #ttl = :ttl",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: {
        ":live": measured.live,
        ":parts": measured.parts,
        ":now": now,
        ":ttl": hourTtl(hour),
      },
    }),
  );
  return measured;
}

/** Smaller parts than the last time are tried only where those turn out to be too large. */
const firstParts = (latest: Item | undefined): number =>
  Math.max(1, Math.floor(((latest?.["liveParts"] as number | undefined) ?? 1) / 2));

async function measure(dependencies: MeasureDependencies, now: number, first: number): Promise<Measured> {
  for (let parts = first; ; parts = Math.min(parts * 2, MOST_PARTS)) {
    const part = Math.floor(dependencies.jitter() * parts);
    const count = await countPart(dependencies, now, { part, parts });
    if (count !== undefined) return { live: count * parts, parts };
    if (parts === MOST_PARTS) throw new Error("the sessions table is larger than any that can be measured");
  }
}

/** @returns how many live sessions a part has; `undefined` where it is too large to read. */
async function countPart(
  { documents, sessionsTable, era }: MeasureDependencies,
  now: number,
  { part, parts }: { readonly part: number; readonly parts: number },
): Promise<number | undefined> {
  let count = 0;
  let start: Item | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await reading(() =>
      documents.send(
        new ScanCommand({
          TableName: sessionsTable,
          Select: "COUNT",
          FilterExpression:
            "begins_with(pk, :sessions) AND idleExpiresAt > :now AND expiresAt > :now AND era = :era",
          ExpressionAttributeValues: { ":sessions": sessionKey("").pk, ":now": now, ":era": era },
          Segment: part,
          TotalSegments: parts,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    count += answer.Count ?? 0;
    start = answer.LastEvaluatedKey;
    if (start === undefined) return count;
  }
  return undefined;
}
