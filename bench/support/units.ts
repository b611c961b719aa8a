/**
 * What a request costs in DynamoDB's request units, by its own rules: "Read and write operations" and "Amazon
 * DynamoDB transactions: how it works" of the developer guide, "DynamoDB item sizes and formats" for the
 * sizes. DynamoDB Local's own figures are not used where it is known to be wrong: it merges equal entries of
 * a transaction, and takes nothing for a key of a batch that does not exist.
 */
import { isDeepStrictEqual } from "node:util";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { sum } from "d3-array";

/** An item as it goes over the wire. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

/**
 * An index that a write may have to be repeated in. Without `sortKey` its partition key alone puts an item
 * into it.
 */
export interface IndexShape {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly projection: "keys-only" | "all";
}

/**
 * Request units: reads by 4 KB, writes by 1 KB; half ones are eventual reads. `indexWrites` are a part of
 * `writes`.
 */
export interface Units {
  readonly reads: number;
  readonly writes: number;
  readonly indexWrites: number;
}

export const sumOfUnits = (all: readonly Units[]): Units => ({
  reads: sum(all, ({ reads }) => reads),
  writes: sum(all, ({ writes }) => writes),
  indexWrites: sum(all, ({ indexWrites }) => indexWrites),
});

/** The units of a request that only reads. */
export const onlyReads = (reads: number): Units => ({ reads, writes: 0, indexWrites: 0 });

const READ_FACTOR = { eventual: 0.5, consistent: 1, transactional: 2 } as const;
export type ReadKind = keyof typeof READ_FACTOR;
const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** One item read, or looked for: a missing one costs as much as the smallest. */
export const readUnits = (item: WireItem | undefined, kind: ReadKind): Units =>
  onlyReads(steps(item, READ_BYTES) * READ_FACTOR[kind]);

/**
 * One item written: by the larger of what was there and what is there now, in the table and in each index
 * whose entry changes. In a transaction the table's counts twice, a check like a write; an index's counts
 * once. (The developer guide leaves the indexes open, and DynamoDB Local counts them twice too. AWS does not,
 * by the measurements behind nubo-db/dynoxide pull request 188.)
 */
export function writeUnits(
  before: WireItem | undefined,
  after: WireItem | undefined,
  indexes: readonly IndexShape[],
  kind: "plain" | "transactional",
): Units {
  const factor = kind === "transactional" ? 2 : 1;
  const table = Math.max(steps(before, WRITE_BYTES), steps(after, WRITE_BYTES)) * factor;
  const indexWrites = sum(indexes, (index) => entryWrites(index, before, after));
  return { reads: 0, writes: table + indexWrites, indexWrites };
}

function entryWrites(index: IndexShape, before: WireItem | undefined, after: WireItem | undefined): number {
  const [old, now] = [entryOf(index, before), entryOf(index, after)];
  if (isDeepStrictEqual(old, now)) return 0;
  if (old === undefined || now === undefined) return steps(old ?? now, WRITE_BYTES);
  const [oldSteps, nowSteps] = [steps(old, WRITE_BYTES), steps(now, WRITE_BYTES)];
  const hasMoved = keysOf(index).some((name) => !isDeepStrictEqual(old[name], now[name]));
  return hasMoved ? oldSteps + nowSteps : Math.max(oldSteps, nowSteps);
}

/** What an index holds of an item; `undefined` where the item lacks a key of it. */
function entryOf(index: IndexShape, item: WireItem | undefined): WireItem | undefined {
  if (item === undefined || keysOf(index).some((name) => item[name] === undefined)) return undefined;
  if (index.projection === "all") return item;
  const kept = [...keysOf(index), "pk"];
  return Object.fromEntries(Object.entries(item).filter(([name]) => kept.includes(name)));
}

const keysOf = ({ partitionKey, sortKey }: IndexShape): string[] =>
  sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];

/** How many started steps of so many bytes; even nothing costs one. */
const steps = (item: WireItem | undefined, bytes: number): number =>
  Math.max(1, Math.ceil(itemBytes(item ?? {}) / bytes));

/** The size of an item, names and values. */
export const itemBytes = (item: WireItem): number =>
  sum(Object.entries(item), ([name, value]) => Buffer.byteLength(name) + valueBytes(value));

/** Lists and maps have three bytes of their own, and one for each element. */
const CONTAINER_BYTES = 3;

function valueBytes({ S, SS, N, NS, B, L, M }: AttributeValue): number {
  if (L !== undefined) return CONTAINER_BYTES + sum(L, (element) => 1 + valueBytes(element));
  if (M !== undefined) return CONTAINER_BYTES + Object.keys(M).length + itemBytes(M);
  // In base64 on the wire, whatever the SDK's type says.
  if (B !== undefined) return Buffer.from(B as unknown as string, "base64").length;
  const [texts, numbers] = [SS ?? S, NS ?? N];
  if (texts !== undefined) return sum([texts].flat(), (text) => Buffer.byteLength(text));
  return numbers === undefined ? 1 : sum([numbers].flat(), numberBytes);
}

/** About a byte for two significant digits, and one more; a negative sign takes another. */
function numberBytes(text: string): number {
  const digits = text.replace(/[^0-9]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
