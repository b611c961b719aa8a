import { expect, test } from "vitest";
import { blocksOf, readPages } from "./pages.ts";
import { compileBlocks } from "./typescript-blocks.ts";

/**
 * A page whose block cannot compile. The compiler sees it together with the others: each run of it takes
 * long.
 */
const WRONG_TEXT = '```ts\nimport { NoSuchThing } from "serverless-single-session";\n```\n';
const WRONG_PAGE = { path: "docs/wrong.md", text: WRONG_TEXT, blocks: blocksOf(WRONG_TEXT) };

const problems = await compileBlocks([...(await readPages()), WRONG_PAGE]);
const isOfWrongPage = (problem: string): boolean => problem.startsWith(WRONG_PAGE.path);

test("every block of TypeScript in README and documentation compiles", () => {
  expect(problems.filter((problem) => !isOfWrongPage(problem))).toEqual([]);
});

test("when a block names what does not exist, its place and the error are told", () => {
  expect(problems.filter(isOfWrongPage)).toEqual([expect.stringMatching(/^docs\/wrong\.md:2 .*NoSuchThing/)]);
});
