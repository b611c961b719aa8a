import { expect, test } from "vitest";
import { blocksOf, readPages } from "./pages.ts";
import { compileBlocks } from "./typescript-blocks.ts";

test("every block of TypeScript in README and documentation compiles", { timeout: 180_000 }, async () => {
  expect(await compileBlocks(await readPages())).toEqual([]);
});

test("when a block names what does not exist, its place and the error are told", async () => {
  const text = '```ts\nimport { NoSuchThing } from "serverless-single-session";\n```\n';
  const [problem, ...others] = await compileBlocks([{ path: "docs/x.md", text, blocks: blocksOf(text) }]);
  expect(problem).toMatch(/^docs\/x\.md:2 .*NoSuchThing/);
  expect(others).toEqual([]);
});
