// Long: started first.
import { expect, test } from "vitest";
import { blocksOf, readPages, type Page } from "./pages.ts";
import { commandBlocks, runPage } from "./run-page.ts";

const pages = (await readPages()).filter((page) => commandBlocks(page).length > 0);

const pageOf = (text: string): Page => ({ path: "docs/x.md", text, blocks: blocksOf(text) });

test.each(pages)("the commands of $path do what the page shows", { timeout: 180_000 }, async (page) => {
  expect(await runPage(page)).toEqual([]);
});

test("when a command prints something else, its place and both outputs are told", async () => {
  const command = "curl -s -o /dev/null -w '%{http_code}' http://localhost:3000/session";
  expect(await runPage(pageOf(`\`\`\`console\n$ ${command}\n200\n\`\`\`\n`))).toEqual([
    { place: "docs/x.md:2", command, shown: "200\n", output: "401" },
  ]);
});

test("when a script fails, its place and its output are told", async () => {
  const differences = await runPage(pageOf("```sh\necho begun\nfalse\necho ended\n```\n"));
  expect(differences).toMatchObject([{ place: "docs/x.md:2", output: "begun\n" }]);
});
