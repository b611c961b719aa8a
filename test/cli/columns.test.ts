import { expect, test } from "vitest";
import { inColumns } from "../../cli/columns.ts";

test("columns are as wide as their widest cell, and no line ends with spaces", () => {
  const rows = [
    ["alice", "Chrome on Windows"],
    ["b", ""],
  ];
  expect(inColumns(["USER", "DEVICE"], rows)).toBe(
    ["USER   DEVICE", "alice  Chrome on Windows", "b"].join("\n"),
  );
});

test("a million sessions can be listed", () => {
  const rows = Array.from({ length: 1_000_000 }, (_, index) => [`user-${index}`, "x"]);
  expect(inColumns(["USER", "NOW"], rows).split("\n")).toHaveLength(1_000_001);
});

test.each([
  ["\u001b[2Jalice", "\\u{1b}[2Jalice"],
  ["al\nice", "al\\u{a}ice"],
  ["\u009b31malice", "\\u{9b}31malice"],
  ["alice\u202Enimda", "alice\\u{202e}nimda"],
  ["Zoë 👩‍⚕️", "Zoë 👩‍⚕️"],
])("a user id %j does nothing to the terminal", (userId, shown) => {
  expect(inColumns(["USER"], [[userId]])).toBe(`USER\n${shown}`);
});
