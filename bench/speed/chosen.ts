import { BASELINE, type ContenderFacts } from "./contender.ts";

/** Who is measured many calls at once as well. */
export const LOADED: readonly string[] = [BASELINE, "store-validate", "function-validate", "floor"];

/**
 * The contenders that a text in their id or name chooses, with what they are compared with; all of them
 * without a text.
 */
export function chosen<T extends ContenderFacts>(contenders: readonly T[], only: string | undefined): T[] {
  if (only === undefined) return [...contenders];
  const text = only.toLowerCase();
  const wanted = contenders.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(text));
  const ids = new Set([
    BASELINE,
    ...wanted.flatMap(({ id, beside = id, around = id }) => [id, beside, around]),
  ]);
  return contenders.filter(({ id }) => ids.has(id));
}
