import { InvalidCursorError } from "./errors.ts";
import type { PARTITION_KEY } from "./table.ts";

/** The key at which a page of an index ended. */
export type IndexKey = Record<string, unknown> & { readonly [PARTITION_KEY]: string };

interface IndexNames {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** A page's end as opaque text. It holds a key of the table, no secret. */
export function encodeCursor(indexName: string, key: IndexKey): string {
  return Buffer.from(JSON.stringify([indexName, key])).toString("base64url");
}

/**
 * The key in a cursor that {@link encodeCursor} made for the same index and, where one is asked for, the same user.
 * @throws InvalidCursorError for any other text: it came from outside.
 */
export function decodeCursor(
  index: IndexNames,
  cursor: string | undefined,
  userId?: string,
): IndexKey | undefined {
  if (cursor === undefined) return undefined;
  const [name, key] = parse(cursor);
  const { pk, [index.partitionKey]: user, [index.sortKey]: time, ...rest } = key;
  const isOurs =
    name === index.name &&
    typeof pk === "string" &&
    typeof user === "string" &&
    typeof time === "number" &&
    Object.keys(rest).length === 0 &&
    (userId === undefined || user === userId);
  if (!isOurs) throw new InvalidCursorError("not a cursor of this listing");
  return { pk, [index.partitionKey]: user, [index.sortKey]: time };
}

function parse(cursor: string): [unknown, Record<string, unknown>] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(value) && typeof value[1] === "object" && value[1] !== null) {
      return [value[0], value[1] as Record<string, unknown>];
    }
  } catch {
    // Falls through: what cannot be parsed is no cursor.
  }
  throw new InvalidCursorError("not a cursor of this listing");
}
