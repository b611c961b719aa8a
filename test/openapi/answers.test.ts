/** What each call answers, each response once, as the OpenAPI document has it; all on one service. */
import { describe, expect, test } from "vitest";
import { testAccessTokens } from "./access-token-answers.ts";
import { shapeOf } from "./documented-answers.ts";
import { answers, NEED_SESSION, see, service } from "./seeing.ts";
import "./granted-answers.ts";
import "./worthless-token-answers.ts";
import "./refused-answers.ts";
import "./fault-answers.ts";

describe("a provider's access token", () => testAccessTokens(() => service, see, NEED_SESSION));

test("each example of an answer has the members of an answer seen above", () => {
  const seenShapes = new Map<string, Set<string>>();
  for (const { name, body } of answers.seen()) {
    const key = (body as { code?: string } | undefined)?.code ?? name;
    seenShapes.set(key, (seenShapes.get(key) ?? new Set()).add(shapeOf(body)));
  }
  const unlike = answers.examples().filter(({ name, value }) => !seenShapes.get(name)?.has(shapeOf(value)));
  expect(unlike).toEqual([]);
});

test("all of the document's answers have been seen above", () => {
  expect(answers.missing()).toEqual([]);
  expect(answers.documented().length).toBeGreaterThan(100);
});
