import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readList } from "../../cli/jobs/read-list.ts";
import { timeLeft } from "../../cli/jobs/progress.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "lists-"))));
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer): Promise<Awaited<ReturnType<typeof readList>>> {
  const path = join(folder, randomUUID());
  await writeFile(path, content);
  return readList(path);
}

test("reads an id a line: byte order mark, Windows' line ends, blank lines and a missing last line end", async () => {
  expect(await read("\uFEFFalice\r\n\r\nbob\n   \ncorp:carol d")).toEqual({
    userIds: ["alice", "bob", "corp:carol d"],
    repeated: 0,
  });
});

test("a character that only some take for a line end is part of an id, or names its line", async () => {
  expect((await read("a\u2028b\nc\u2029d\u0085e\r")).userIds).toEqual(["a\u2028b", "c\u2029d\u0085e"]);
  await expect(read("alice\u2028\n")).rejects.toThrow(/line 1: .* must not begin or end with white space/);
});

test("line ends are found wherever the file is cut for reading", async () => {
  const ids = Array.from({ length: 40_000 }, (_, index) => `user-${index}`);
  for (const end of ["\n", "\r\n", "\r"]) {
    // Read in parts of 64 KiB: one of them ends between the two characters.
    for (const shift of ["", "x"])
      expect((await read(shift + ids.join(end) + end)).userIds).toHaveLength(40_000);
  }
});

test("names each once, however it was typed", async () => {
  expect(await read("zoë\nzoe\u0308\nalice\nalice\n")).toEqual({ userIds: ["zoë", "alice"], repeated: 2 });
});

test("names each bad line with its number and value", async () => {
  const long = "x".repeat(513);
  const reading = read(`alice\n bob\n\n${long}\n`);
  await expect(reading).rejects.toThrow(/has 2 lines that are no user ids. Nothing was begun./);
  await expect(reading).rejects.toThrow(/line 2: " bob" must not begin or end with white space/);
  await expect(reading).rejects.toThrow(/line 4: "x{80}…" must have at most 512 UTF-8 bytes/);
});

test("names ten of many bad lines, and says how many more there are", async () => {
  const reading = read(" bad\n".repeat(25));
  await expect(reading).rejects.toThrow(/25 lines .*\n(.*line \d+.*\n){10} {2}and 15 more$/);
});

test.each([
  ["what is not UTF-8", Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]), /is not UTF-8, in line \d or after it/],
  ["an empty list", "\n\n", /There is no user id in/],
])("refuses %s", async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});

test("says that there is no such file", async () => {
  await expect(readList("/nowhere/ids.txt")).rejects.toThrow("There is no file /nowhere/ids.txt.");
});

test.each([
  [0, 100, "0 s"],
  [10, 0, "?"],
  [500, 100, "5 s"],
  [61_000, 1000, "2 min"],
  [1_000_000, 100, "2 h 47 min"],
])("%d users at %d a second take %s", (users, rate, words) => {
  expect(timeLeft(users, rate)).toBe(words);
});
