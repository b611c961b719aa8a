import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { OUTBOX_BUGS } from "../outbox/bugs.ts";
import { copyProduct } from "./copy-product.ts";
import { KNOWN_BUGS } from "./known-bugs.ts";
import { MORE_BUGS } from "./more-bugs.ts";
import type { Mutation } from "./mutation.ts";
import { SIGN_IN_BUGS } from "./sign-in-bugs.ts";
import { SIGN_OUT_BUGS } from "./sign-out-bugs.ts";

const ALL: readonly Pick<Mutation, "name" | "patches">[] = [
  ...KNOWN_BUGS,
  ...MORE_BUGS,
  ...SIGN_IN_BUGS,
  ...SIGN_OUT_BUGS,
  ...OUTBOX_BUGS,
];

test.each(ALL)("the text that “$name” changes is there, once", async (mutation) => {
  const copy = await copyProduct(mutation);
  try {
    for (const { file, find } of mutation.patches) {
      const [original, mutated] = await Promise.all([
        readFile(new URL(`../../${file}`, import.meta.url), "utf8"),
        readFile(new URL(file, copy.root), "utf8"),
      ]);
      expect(original).toContain(find);
      expect(mutated).not.toBe(original);
    }
  } finally {
    await copy.remove();
  }
});

test("a mutation of text that is not there names itself, the file and the text", async () => {
  const mutation = {
    ...KNOWN_BUGS[0]!,
    name: "gone",
    patches: [{ file: "src/sessions/commit.ts", find: "no such text", replace: "" }],
  };
  await expect(copyProduct(mutation)).rejects.toThrow(
    `the mutation "gone" changes text of src/sessions/commit.ts that does not occur: no such text`,
  );
});
