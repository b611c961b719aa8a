import { expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { DOCUMENTATION_URL } from "../../src/http/problem-type.ts";
import { SIDEBAR } from "../../docs/.vitepress/sidebar.ts";
import { readPages } from "./pages.ts";

const LONGEST_PAGE = 250;
const LONGEST_README = 180;
const WIDEST_LINE = 110;

/** Made of the code by `npm run docs:generate`. */
const GENERATED = ["/reference/construct/", "/reference/http-api", "/reference/problems"];

const pages = await readPages();
const sitePages = pages.filter(({ path }) => path.startsWith("docs/") && path !== "docs/index.md");
const readme = pages.find(({ path }) => path === "README.md");

test("no page is longer than is read in one sitting", () => {
  const long = pages.filter(({ text }) => text.trimEnd().split("\n").length > LONGEST_PAGE);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test("the README has at most 180 lines of at most 110 columns", () => {
  const lines = readme?.text.trimEnd().split("\n") ?? [];
  expect(lines.length).toBeLessThanOrEqual(LONGEST_README);
  expect(lines.filter((line) => line.length > WIDEST_LINE)).toEqual([]);
});

test("every page of the site is in the sidebar, once", () => {
  const links = SIDEBAR.flatMap(({ items = [] }) => items.map(({ link = "" }) => link));
  const written = sitePages.map(({ path }) => path.replace(/^docs/, "").replace(/(index)?\.md$/, ""));
  expect(links.filter((link) => !GENERATED.includes(link)).sort()).toEqual(written.sort());
});

test("every page of the site ends with where to go next", () => {
  const withoutNext = sitePages.filter(
    ({ text }) => !/^Next: .*\]\(/m.test(text.trimEnd().split("\n\n").at(-1) ?? ""),
  );
  expect(withoutNext.map(({ path }) => path)).toEqual([]);
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
