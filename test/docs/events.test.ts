import { expect, test } from "vitest";
import { DETAIL_TYPES } from "../../src/outbox/names.ts";
import { problemsOfEvent } from "../support/event-schemas.ts";
import { readPages } from "./pages.ts";

test("the page of events has an example of each kind, as the schema says", async () => {
  const page = (await readPages()).find(({ path }) => path === "docs/reference/events.md");
  const examples = (page?.blocks ?? [])
    .filter(({ language }) => language === "json")
    .map(({ text }) => JSON.parse(text) as { readonly "detail-type": string });
  expect(examples.flatMap(problemsOfEvent)).toEqual([]);
  expect(examples.map((example) => example["detail-type"])).toEqual(Object.values(DETAIL_TYPES));
});
