import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { PROJECT_FOLDER } from "../../../local/synthesize.ts";
import { synthesizeOnce } from "../../support/local-stack.ts";

/** What local providers cannot do without: their host, their resource, the rerouting, their library. */
const WORDS = ["provider-${port}.invalid", "urn:local-provider", "rerouteRequests", "oidc-provider"];

let assembly: string;
beforeAll(async () => {
  assembly = await synthesizeOnce({ app: "test/local/provider/app.ts" });
}, 240_000);

async function filesIn(folder: string): Promise<{ name: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => ({
        name: join(parentPath, name),
        text: (await readFile(join(parentPath, name))).toString("latin1"),
      })),
  );
}

const wordsIn = (files: readonly { readonly text: string }[]): string[] =>
  WORDS.filter((word) => files.some(({ text }) => text.includes(word)));

test("no template or bundle of a stack with a user pool has anything of the local provider", async () => {
  const deployed = await filesIn(assembly);
  // Templates and bundles that have to do with the user pool: else this would look at nothing.
  expect(deployed.filter(({ text }) => text.includes("AWS::Cognito::UserPool")).length).toBeGreaterThan(0);
  expect(deployed.filter(({ text }) => text.includes("origin_jti")).length).toBeGreaterThan(0);
  expect(deployed.filter((file) => wordsIn([file]).length > 0).map(({ name }) => name)).toEqual([]);
});

test("the words that are looked for are the local provider's", async () => {
  expect(wordsIn(await filesIn(join(PROJECT_FOLDER, "local")))).toEqual(WORDS);
});
