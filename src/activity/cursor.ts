import { InvalidCursorError } from "../sessions/cursor.ts";
import { LONGEST_USER_ID_BYTES } from "../sessions/session.ts";

/** The place after which a list goes on, as opaque text. It holds what the page before showed, no secret. */

const PLACE = /^\d{15}#/;
/** Of an index's key; an id or a user id with the time before it is far shorter. */
const LONGEST_PLACE_BYTES = LONGEST_USER_ID_BYTES + 16;

/** @param list names the list: a cursor of one is none of another. */
export const encodeCursor = (list: string, place: string): string =>
  Buffer.from(JSON.stringify([list, place])).toString("base64url");

/**
 * The place in a cursor of {@link encodeCursor} for the same list.
 * @throws InvalidCursorError for any other text: it came from outside.
 */
export function decodeCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [name, place, ...rest] = parse(cursor);
  const isOurs =
    name === list &&
    rest.length === 0 &&
    typeof place === "string" &&
    place.isWellFormed() &&
    PLACE.test(place) &&
    Buffer.byteLength(place) <= LONGEST_PLACE_BYTES;
  if (!isOurs) throw new InvalidCursorError("not a cursor of this list");
  return place;
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(value)) return value;
  } catch {
    // Falls through: what cannot be parsed is no cursor.
  }
  throw new InvalidCursorError("not a cursor of this list");
}
