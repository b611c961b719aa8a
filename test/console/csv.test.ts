import { expect, test } from "vitest";
import { toCsv } from "../../console/src/csv.ts";

const START = "\uFEFF";

test("cells with quotes, commas and line breaks come back whole by RFC 4180", () => {
  expect(toCsv([["a", 'say "hi"', "x,y", "two\r\nlines"]])).toBe(
    `${START}"a","say ""hi""","x,y","two\r\nlines"\r\n`,
  );
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  " =1",
  "\u200B=1",
  "＝1",
  '=HYPERLINK("https://example.com")',
])("a user id that a spreadsheet would calculate (%j) is text in the file", (userId) => {
  expect(toCsv([[userId]])).toBe(`${START}"'${userId.replaceAll('"', '""')}"\r\n`);
});

test.each(["alice", "corp:maria", "a=b", "Zoë", "a-b"])("the user id %s is as it is", (userId) => {
  expect(toCsv([[userId]])).toBe(`${START}"${userId}"\r\n`);
});
