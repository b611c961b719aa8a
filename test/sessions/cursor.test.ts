import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor, InvalidCursorError } from "../../src/sessions/cursor.ts";
import { BY_USER_INDEX, endingKey, ENDINGS_BY_USER_INDEX, sessionKey } from "../../src/sessions/table.ts";

const ID = "A".repeat(43);
const KEY = { ...sessionKey(ID), userId: "alice", createdAt: 1_700_000_000_000 };
const cursorOf = (changed: string): string => Buffer.from(`["byUser",${changed}]`).toString("base64url");

describe("a cursor", () => {
  test("gives back the key that it was made of, for either index", () => {
    expect(decodeCursor(BY_USER_INDEX, encodeCursor("byUser", KEY), "alice")).toEqual(KEY);
    const ended = { ...endingKey(ID), endedUserId: "bob", endedAt: 1 };
    expect(decodeCursor(ENDINGS_BY_USER_INDEX, encodeCursor("endingsByUser", ended))).toEqual(ended);
  });

  const withTime = (time: string) => `{"pk":"session#${ID}","userId":"alice","createdAt":${time}}`;
  test.each([
    ["a time that is no safe integer", withTime("1e999")],
    ["a time of too many digits", withTime("12345678901234567890123")],
    ["a time that is nearly nothing", withTime("1e-200")],
    ["a negative time", withTime("-1")],
    ["an empty key", JSON.stringify({ ...KEY, pk: "" })],
    ["the key of a roster", JSON.stringify({ ...KEY, pk: "user#alice" })],
    ["the key of an ending", JSON.stringify({ ...KEY, ...endingKey(ID) })],
    ["a key of no session id", JSON.stringify({ ...KEY, pk: "session#x" })],
    ["an empty user", JSON.stringify({ ...KEY, userId: "" })],
    ["a user too long", JSON.stringify({ ...KEY, userId: "x".repeat(3000) })],
    ["half a character as user", `{"pk":"session#${ID}","userId":"\\ud800","createdAt":1}`],
    ["a field too many", JSON.stringify({ ...KEY, more: 1 })],
  ])("with %s, which the database would refuse, is none", (_, key) => {
    expect(() => decodeCursor(BY_USER_INDEX, cursorOf(key))).toThrow(InvalidCursorError);
  });
});
