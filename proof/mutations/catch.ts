import { copyProduct } from "./copy-product.ts";
import { detect, type Catch, type Miss, type Search } from "./detectors.ts";
import type { Mutation } from "./mutation.ts";

/**
 * Puts a mutation into a copy of the product and lets its detectors at it until one catches it.
 * @returns what each of them said, in order: the last one's is the catch, if there was any.
 */
export async function catchMutation(mutation: Mutation, search: Search): Promise<(Catch | Miss)[]> {
  const copy = await copyProduct(mutation);
  const said: (Catch | Miss)[] = [];
  try {
    for (const detector of mutation.caughtBy) {
      const answer = await detect(detector, copy.root, search);
      said.push(answer);
      if (answer.what !== undefined) break;
    }
  } finally {
    await copy.remove();
  }
  return said;
}
