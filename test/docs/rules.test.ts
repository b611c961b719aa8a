import { expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { DOCUMENTATION_URL } from "../../src/api/parts/problem-type.ts";
import { SIDEBAR } from "../../docs/.vitepress/sidebar.ts";
import { readPages, type Page } from "./pages.ts";

const LONGEST_PAGE = 250;
const LONGEST_README = 180;
const WIDEST_LINE = 110;

/** Made of the code by `npm run docs:generate`. */
const GENERATED = ["/reference/construct/", "/reference/http-api", "/reference/problems"];

const pages = await readPages();
const readme = pages.find(({ path }) => path === "README.md")!;
const sitePages = pages.filter(({ path }) => path.startsWith("docs/") && path !== "docs/index.md");

/** The pages that do not keep a rule. */
const pathsWhere = (breaksRule: (page: Page) => boolean, among: readonly Page[] = sitePages): string[] =>
  among.filter(breaksRule).map(({ path }) => path);

test("no page is longer than is read in one sitting", () => {
  expect(pathsWhere(({ text }) => linesOf(text).length > LONGEST_PAGE, pages)).toEqual([]);
});

test("the README is read in one sitting", () => {
  expect(linesOf(readme.text).length).toBeLessThanOrEqual(LONGEST_README);
});

test("lines of text and code fit beside each other; rows of tables and single long words may be wider", () => {
  const wide = [readme, ...sitePages].flatMap(({ path, text }) =>
    linesOf(text)
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => line.length > WIDEST_LINE && !/^\s*(\||\S+$)/.test(line)),
  );
  expect(wide).toEqual([]);
});

test("every page of the site is in the sidebar, once", () => {
  const links = SIDEBAR.flatMap(({ items = [] }) => items.map(({ link = "" }) => link));
  const written = sitePages.map(({ path }) => path.replace(/^docs/, "").replace(/(index)?\.md$/, ""));
  expect(links.filter((link) => !GENERATED.includes(link)).sort()).toEqual(written.sort());
});

test("every page of the site begins with its title and what the reader gets", () => {
  expect(pathsWhere(({ text }) => !/^# .+\n\nYou get: /.test(text))).toEqual([]);
});

test("every page of the site ends with where to go next", () => {
  expect(pathsWhere(({ text }) => !/^Next: .*\]\(/s.test(text.trimEnd().split("\n\n").at(-1) ?? ""))).toEqual(
    [],
  );
});

test("drawings are pictures: the site draws no Mermaid", () => {
  expect(pathsWhere(({ blocks }) => blocks.some(({ language }) => language === "mermaid"))).toEqual([]);
});

test("every block that does not run says why", () => {
  const unsaid = pages.flatMap(({ path, blocks }) =>
    blocks
      .filter(({ attributes }) => attributes["no-run"] !== undefined && attributes["no-run"].length < 10)
      .map(({ line }) => `${path}:${line}`),
  );
  expect(unsaid).toEqual([]);
});

test("problem bodies point into the documentation that the package names as its homepage", () => {
  expect(DOCUMENTATION_URL).toBe(packageFile.homepage);
});

function linesOf(text: string): string[] {
  return text.trimEnd().split("\n");
}
