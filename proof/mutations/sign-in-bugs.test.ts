import { describe, expect, test } from "vitest";
import { explore } from "../model/explore.ts";
import { loadProduct } from "../model/product.ts";
import { SIGN_IN_SCENARIOS } from "../model/sign-in-scenarios.ts";
import { copyProduct } from "./copy-product.ts";
import { SIGN_IN_BUGS } from "./sign-in-bugs.ts";
import { SIGN_OUT_BUGS } from "./sign-out-bugs.ts";

/** `P1, P3: two calls` has the names P1 and P3. */
const namesOf = (scenario: string): string[] => (scenario.split(":", 1)[0] ?? "").split(", ");

describe("a rule of bound sessions that is left out", () => {
  test.each([...SIGN_IN_BUGS, ...SIGN_OUT_BUGS])(
    "(“$name”) is caught by the scenarios $scenarios",
    async (mutation) => {
      const copy = await copyProduct(mutation);
      const blind: string[] = [];
      try {
        const product = await loadProduct(copy.root);
        for (const wanted of mutation.scenarios) {
          let isCaught = false;
          for (const scenario of SIGN_IN_SCENARIOS.filter(({ name }) => namesOf(name).includes(wanted))) {
            isCaught ||= (await explore(product, scenario)).verdict === "violation";
          }
          if (!isCaught) blind.push(wanted);
        }
      } finally {
        await copy.remove();
      }
      expect(blind, mutation.about).toEqual([]);
    },
  );
});
