import { expect, test } from "vitest";
import { httpApiPage } from "../../docs/.vitepress/generate/http-api.ts";
import { problemsPage } from "../../docs/.vitepress/generate/problems.ts";
import { OPERATIONS } from "../../openapi/document.ts";
import { PROBLEM_CODES } from "../../openapi/problem-schemas.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";

const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#.* \{#(.+)\}$/gm)].map(([, anchor = ""]) => anchor);

test("the type of each problem body is the address of one section of the problem codes", () => {
  const anchors = PROBLEM_CODES.map((code) => problemType(code).split("/reference/problems#")[1]);
  expect(anchorsOf(problemsPage())).toEqual(anchors);
});

test("the HTTP API has a section for each call, and for each object that a table links to", () => {
  const page = httpApiPage();
  const anchors = anchorsOf(page);
  const linked = [...page.matchAll(/\]\(#(.+?)\)/g)].map(([, anchor]) => anchor);
  expect(anchors).toEqual(expect.arrayContaining(OPERATIONS.map(({ operationId }) => operationId)));
  expect(linked.filter((anchor = "") => !anchors.includes(anchor))).toEqual([]);
  expect(linked).toContain("object-session");
});

test("each row of the reference's tables says something of each member", () => {
  const rows = [...`${httpApiPage()}\n${problemsPage()}`.matchAll(/^\|.*\|$/gm)].map(([row]) => row);
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((row) => /\|\s*\|/.test(row))).toEqual([]);
});
