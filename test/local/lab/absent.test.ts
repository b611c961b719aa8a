import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { PROJECT_FOLDER } from "../../../local/synthesize.ts";
import { synthesizeOnce } from "../../support/local-stack.ts";

/** What the lab cannot do without: its path and its host, its faults, its second table. */
const WORDS = ["/_local", "lab.localhost", "lose-answer", "usual-way"];

let assembly: string;
beforeAll(async () => {
  assembly = await synthesizeOnce();
});

async function filesIn(folder: string): Promise<{ name: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({
      name: join(parentPath, name),
      text: (await readFile(join(parentPath, name))).toString("latin1"),
    })),
  );
}

const wordsIn = (files: readonly { readonly text: string }[]): string[] =>
  WORDS.filter((word) => files.some(({ text }) => text.includes(word)));

test("no template, bundle or page that would be deployed has anything of the lab", async () => {
  const deployed = await filesIn(assembly);
  // A template, and the bundles: else this would look at nothing.
  expect(deployed.filter(({ text }) => text.includes("AWS::Lambda::Function")).length).toBeGreaterThan(0);
  expect(deployed.filter(({ text }) => text.includes("TransactWriteItems")).length).toBeGreaterThan(3);
  expect(deployed.filter((file) => wordsIn([file]).length > 0).map(({ name }) => name)).toEqual([]);
});

test("the words that are looked for are the lab's", async () => {
  expect(wordsIn(await filesIn(join(PROJECT_FOLDER, "local")))).toEqual(WORDS);
});
