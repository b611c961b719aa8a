import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownPath } from "../../src/api/parts/own-path.ts";

const ORIGIN = "https://app.example.com";

describe("a way back", () => {
  test.each([
    ["/", "/"],
    ["/app?next=//evil.example#//x", "/app?next=//evil.example#//x"],
    ["/a/../b", "/b"],
    ["/käse?q=ü", "/k%C3%A4se?q=%C3%BC"],
  ])("%j leads to %j", (text, path) => {
    expect(ownPath(text)).toBe(path);
  });

  test("of whatever text never leads a browser to another host, and fits into a header", () => {
    const part = fc.constantFrom(
      "/",
      "\\",
      "..",
      ".",
      "//",
      "\t",
      "\n",
      ":",
      "@",
      "?",
      "#",
      "%2f",
      "evil.example",
      "https:",
      "é",
      "\u2028",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
    );
    let accepted = 0;
    fc.assert(
      fc.property(text, (way) => {
        const path = ownPath(way);
        if (path === undefined) return;
        accepted++;
        expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
        expect(path).toMatch(/^\/[\x21-\x7e]*$/);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
