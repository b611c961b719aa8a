import { expect, test } from "vitest";
import { isAsShown, stepsOfConsole } from "./commands.ts";
import { blocksOf } from "./pages.ts";

test("when a command spans lines, its output begins after the last of them", () => {
  const steps = stepsOfConsole("$ curl -b a.txt \\\n    http://x\n{\n}\n$ ls\n");
  expect(steps).toEqual([
    { command: "curl -b a.txt \\\n    http://x", shown: "{\n}\n" },
    { command: "ls", shown: "" },
  ]);
});

test("when a quoted text spans lines, its command ends with it", () => {
  expect(stepsOfConsole("$ curl --json '{\n  \"a\": 1}' http://x\n200\n")).toEqual([
    { command: "curl --json '{\n  \"a\": 1}' http://x", shown: "200\n" },
  ]);
});

test("when only times, ids and line breaks differ, output is as shown", () => {
  const shown =
    '{"id":"5O1JOXPRBXrG7CR2x1vVpwI5OtrxU_RJ3OnG4xi4Exc",\n "createdAt":"2026-11-23T07:00:35.664Z"}';
  const output = '{"id":"_h6OQ3pSSXW5QMp8tJfe_jhFz_EaMj17cCj9gwqqFHs","createdAt":"2027-01-01T00:00:00Z"}';
  expect(isAsShown(output, shown)).toBe(true);
});

test("when a member is missing, or one is there that is not shown, output is not as shown", () => {
  expect(isAsShown('{"a":1}', '{"a":1,"b":2}')).toBe(false);
  expect(isAsShown('{"a":1,"b":2}', '{"a":1}')).toBe(false);
  expect(isAsShown('{"a":1,"b":2}', '{"a":1,…}')).toBe(true);
  expect(isAsShown("401", "403")).toBe(false);
});

test("when a page has front matter, the lines of its blocks are counted from the page's first", () => {
  const [block] = blocksOf('---\ntitle: x\n---\n\n```console no-run="it needs AWS"\n$ ls\n```\n');
  expect(block).toEqual({
    language: "console",
    attributes: { "no-run": "it needs AWS" },
    text: "$ ls\n",
    line: 6,
  });
});
