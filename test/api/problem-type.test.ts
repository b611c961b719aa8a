import { createMarkdownRenderer } from "vitepress";
import { expect, test } from "vitest";
import { problemsPage } from "../../docs/.vitepress/generate/problems.ts";
import { PROBLEM_CODES } from "../../openapi/problem-schemas.ts";
import packageFile from "../../package.json" with { type: "json" };
import { DOCUMENTATION_URL, problemType } from "../../src/api/parts/problem-type.ts";

test("problem bodies point into the documentation that the package names as its homepage", () => {
  expect(DOCUMENTATION_URL).toBe(packageFile.homepage);
});

test("the type of each code is the anchor of its section in the documentation", async () => {
  const renderer = await createMarkdownRenderer(".");
  const html = renderer.render(problemsPage());
  const anchors = [...html.matchAll(/<h2 id="([^"]*)"/g)].map(([, id]) => id ?? "");
  expect(anchors.map((id) => `${packageFile.homepage}reference/problems#${id}`)).toEqual(
    PROBLEM_CODES.map(problemType),
  );
});
