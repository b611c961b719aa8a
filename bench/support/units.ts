/**
 * What a request costs in DynamoDB's request units, by its own rules: "Read and write operations" and "Amazon
 * DynamoDB transactions: how it works" of the developer guide, "DynamoDB item sizes and formats" for the
 * sizes. DynamoDB Local's own figures are not used where it is known to be wrong: it merges equal entries of
 * a transaction, and takes nothing for a key of a batch that does not exist.
 */

/** A value of an item as it goes over the wire. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: WireItem }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] };
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

export const NO_UNITS: Units = { reads: 0, writes: 0, indexWrites: 0 };

export function addUnits(a: Units, b: Units): Units {
  return {
    reads: a.reads + b.reads,
    writes: a.writes + b.writes,
    indexWrites: a.indexWrites + b.indexWrites,
  };
}

export type ReadKind = "eventual" | "consistent" | "transactional";
const READ_FACTOR = { eventual: 0.5, consistent: 1, transactional: 2 } as const;
const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** One item read, or looked for: a missing one costs as much as the smallest. */
export function readUnits(item: WireItem | undefined, kind: ReadKind): Units {
  return { ...NO_UNITS, reads: steps(item, READ_BYTES) * READ_FACTOR[kind] };
}

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
  const indexWrites = indexes.reduce((sum, index) => sum + entryWrites(index, before, after), 0);
  return { reads: 0, writes: table + indexWrites, indexWrites };
}

function entryWrites(index: IndexShape, before: WireItem | undefined, after: WireItem | undefined): number {
  const [old, now] = [entryOf(index, before), entryOf(index, after)];
  if (old === undefined && now === undefined) return 0;
  if (old === undefined || now === undefined) return steps(old ?? now, WRITE_BYTES);
  const hasMoved = keysOf(index).some((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  if (hasMoved) return steps(old, WRITE_BYTES) + steps(now, WRITE_BYTES);
  return isSame(old, now) ? 0 : Math.max(steps(old, WRITE_BYTES), steps(now, WRITE_BYTES));
}

/** What an index holds of an item; `undefined` where the item lacks a key of it. */
function entryOf(index: IndexShape, item: WireItem | undefined): WireItem | undefined {
  if (item === undefined || keysOf(index).some((name) => item[name] === undefined)) return undefined;
  if (index.projection === "all") return item;
  const kept = [...keysOf(index), "pk"];
  return Object.fromEntries(Object.entries(item).filter(([name]) => kept.includes(name)));
}

const keysOf = ({ partitionKey, sortKey }: IndexShape): string[] => [
  partitionKey,
  ...(sortKey === undefined ? [] : [sortKey]),
];

function isSame(a: WireItem, b: WireItem): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}

/** How many started steps of so many bytes; even nothing costs one. */
const steps = (item: WireItem | undefined, bytes: number): number =>
  Math.max(1, Math.ceil((item === undefined ? 0 : itemBytes(item)) / bytes));

/** The size of an item, names and values. */
export function itemBytes(item: WireItem): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** Lists and maps have three bytes of their own, and one for each element. */
const CONTAINER_BYTES = 3;

function valueBytes(value: AttributeValue): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return numberBytes(value.N);
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("L" in value)
    return CONTAINER_BYTES + value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 0);
  if ("M" in value) return CONTAINER_BYTES + Object.keys(value.M).length + itemBytes(value.M);
  if ("SS" in value) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if ("NS" in value) return value.NS.reduce((sum, number) => sum + numberBytes(number), 0);
  return 1;
}

/** About a byte for two significant digits, and one more; a negative sign takes another. */
function numberBytes(text: string): number {
  const digits = text.replace(/[^0-9]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
