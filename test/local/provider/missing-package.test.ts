import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("without the package the stack runs on, and a sentence says what to install", async () => {
  const script = join(import.meta.dirname, "missing-package.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(JSON.parse(stdout)).toEqual({
    missing: [
      "Nobody can sign in by https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example: a local provider needs " +
        "the package oidc-provider, which is not installed. Run: npm install --save-dev oidc-provider",
    ],
    running: [],
    reroutes: [],
  });
});
