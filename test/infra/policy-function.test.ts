import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provePolicyFunction } from "../../infra/settings/policy-module.ts";
import { readSettings, type Settings } from "../../infra/settings/settings.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-function-"));
  const files = {
    "policy.ts": `
      import { LIMIT } from "./limits";
      enum Kind { staff = "staff" }
      await Promise.resolve();
      console.log("a module may print");
      export const rule = (user: { id: string }): boolean => user.id.length < LIMIT && Kind.staff === "staff";
      export default rule;
      export const number = 3;`,
    "limits.ts": "export const LIMIT: number = 9;",
    "lingers.ts": "setInterval(() => {}, 1000); export const rule = () => true;",
    "throws.ts": 'throw new TypeError("no such table"); export const rule = () => true;',
    "exits.ts": "process.exit(0); export const rule = () => true;",
    "broken.ts": "export const rule = (;",
    "imports.ts": 'import "no-such-package"; export const rule = () => true;',
    "empty.ts": "export {};",
    "requires.ts": 'import { digest } from "./common.cjs"; export const rule = () => digest("x") !== "";',
    "common.cjs":
      'exports.digest = (text) => require("node:crypto").hash("sha256", text); exports.digest("now");',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(singleUserSession: string): Settings {
  return readSettings({ singleUserSession }, { folder, prove: provePolicyFunction });
}

describe("a reference to a policy function", () => {
  it.each(["./policy.ts#rule", "./policy.ts#default", "./lingers.ts#rule", "./requires.ts#rule"])(
    "whose export is a function binds it: %s",
    (reference) => {
      const [file = "", exportName] = reference.split("#");
      const settings = read(reference);
      expect(settings.functions.policy).toEqual({ policyExport: exportName });
      expect(settings.policyModule).toEqual({ file: join(folder, file), exportName });
    },
  );

  it.each([
    ["an absolute path", () => `${folder}/policy.ts#rule`],
    ["a URL, as import.meta.resolve gives it", () => `${pathToFileURL(join(folder, "policy.ts")).href}#rule`],
  ])("may be %s", (_, reference) => {
    expect(read(reference()).policyModule?.file).toBe(join(folder, "policy.ts"));
  });

  it.each([
    ["./policy.ts#rul", "the file exports no rul (it exports default, number, rule)"],
    ["./empty.ts#rule", "the file exports no rule (it exports nothing)"],
    ["./policy.ts#number", "its export number is not a function but of type number"],
    ["./throws.ts#rule", "importing it failed: TypeError: no such table"],
    ["./exits.ts#rule", "importing it failed: it ended the process"],
    ["./broken.ts#rule", "it does not build: Unexpected"],
    ["./imports.ts#rule", 'it does not build: Could not resolve "no-such-package"'],
    ["./missing.ts#rule", "there is no file"],
    [".//#rule", "there is no file"],
  ])("that cannot be right is refused, saying why: %s", (reference, problem) => {
    expect(() => read(reference)).toThrow(`singleUserSession (prop) is "${reference}", but `);
    expect(() => read(reference)).toThrow(problem);
    expect(() => read(reference)).toThrow("Accepted: true, false, 1, 0, yes, no, on or off, or");
  });
});
