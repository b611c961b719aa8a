import { userIdProblem } from "./session.ts";
import { BY_USER_INDEX, endingKey, type PARTITION_KEY, sessionKey } from "./table.ts";
import { parseSessionId } from "./token.ts";

/** A cursor that no page of this listing gave. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";
}

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
 * The key in a cursor that {@link encodeCursor} made for the same index and, where one is asked for, the same
 * user.
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
    isKey(pk, index) &&
    typeof user === "string" &&
    userIdProblem(user) === undefined &&
    Number.isSafeInteger(time) &&
    (time as number) >= 0 &&
    Object.keys(rest).length === 0 &&
    (userId === undefined || user === userId);
  if (!isOurs) throw new InvalidCursorError("not a cursor of this listing");
  return { pk, [index.partitionKey]: user, [index.sortKey]: time };
}

/** The database refuses a key that cannot be in the index, as a fault of ours; so it must not get there. */
function isKey(pk: unknown, index: IndexNames): pk is string {
  if (typeof pk !== "string") return false;
  const id = parseSessionId(pk.slice(pk.indexOf("#") + 1));
  const keyOf = index.name === BY_USER_INDEX.name ? sessionKey : endingKey;
  return id !== undefined && keyOf(id).pk === pk;
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
