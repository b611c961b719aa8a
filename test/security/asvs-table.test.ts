import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The requirements of a chapter of OWASP ASVS 5.0. @param counts how many its sections have. */
const chapter = (name: number, counts: readonly number[]): string[] =>
  counts.flatMap((count, section) =>
    Array.from({ length: count }, (_, number) => `${name}.${section + 1}.${number + 1}`),
  );
const V7 = chapter(7, [3, 4, 2, 5, 3, 2]);
const V16 = chapter(16, [1, 5, 4, 3, 4]);
const COOKIE_RULES = Array.from({ length: 7 }, (_, number) => `(${number + 1})`);

interface Row {
  readonly number: string;
  readonly shownBy: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

const NAMED_TEST = /`(test\/[\w/.-]+\.test\.ts)`: "([^"]+)"/g;

function rowsOf(document: string): Row[] {
  return readFileSync(join(ROOT, document), "utf8")
    .split("\n")
    .filter((line) => /^\| *((?:7|16)\.\d\.\d|\(\d\)|\d|-) *\|/.test(line))
    .map((line) => {
      const [, number = "", , shownBy = ""] = line.split("|").map((cell) => cell.trim());
      const tests = [...shownBy.matchAll(NAMED_TEST)].map(([, file = "", title = ""]) => ({ file, title }));
      return { number, shownBy, tests };
    });
}

const rows = rowsOf("docs/design/asvs.md");

describe("the table of requirements", () => {
  test("has each requirement of ASVS V7 and V16 and each of NIST's cookie rules once", () => {
    const numbers = rows.map(({ number }) => number).filter((number) => number.length > 2);
    expect(numbers).toEqual([...V7, ...V16, ...COOKIE_RULES]);
  });

  test("says in each row which tests show it, or why it is not ours", () => {
    for (const { number, tests, shownBy } of rows) {
      if (tests.length === 0) expect(shownBy, number).toMatch(/^not ours.{40}/);
    }
  });

  test("names no test of another form, which nobody would look up", () => {
    for (const { shownBy, tests, number } of rows) {
      expect(shownBy.match(/\.test\.ts/g)?.length ?? 0, number).toBe(tests.length);
    }
  });

  test.each(
    rows.flatMap(({ number, tests }) => tests.map(({ file, title }) => [number, file, title] as const)),
  )("for %s names a test that exists: %s: %s", (_, file, title) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(readFileSync(join(ROOT, file), "utf8")).toContain(`"${title}"`);
  });
});

describe("the threat model", () => {
  const text = readFileSync(join(ROOT, "docs/design/threat-model.md"), "utf8");
  const places = new Set(
    [...text.matchAll(/`((?:src|functions|infra|local|cli|test|bench|docs)\/[\w/.-]+)`/g)].map(([, place]) =>
      String(place),
    ),
  );

  test("names places in the code, and each of them is there", () => {
    expect(places.size).toBeGreaterThan(40);
    expect([...places].filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
  });
});
