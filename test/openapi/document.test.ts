import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALL_ROUTES } from "../../infra/routes.ts";
import { OPERATIONS, openApiDocument } from "../../openapi/document.ts";
import { DEVICE, type DeviceView } from "../../src/api/parts/views.ts";
import { PROBLEM_STATUS } from "../../src/api/parts/problem-codes.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "openapi-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function lint(file: string): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/@redocly/cli/bin/cli.js", "lint", file, "--config", "openapi/redocly.yaml"],
    {
      encoding: "utf8",
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    },
  );
  return { status, text: stdout + stderr };
}

test("the routes of the CDK construct are the operations of the document, none missing and none too many", () => {
  const routes = ALL_ROUTES.map(({ method, path }) => `${method} ${path}`);
  const operations = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(operations.sort()).toEqual(routes.sort());
});

test("every problem code is an answer of some call", () => {
  const documented = new Set(OPERATIONS.flatMap(({ problems }) => problems));
  expect(Object.keys(PROBLEM_STATUS).filter((code) => !documented.has(code as never))).toEqual([]);
});

test("npm run openapi writes the document to a file, in which the linter finds nothing", () => {
  const file = join(folder, "new", "openapi.json");
  const written = spawnSync(process.execPath, ["openapi/main.ts", file], { encoding: "utf8" });
  expect(written).toMatchObject({ status: 0, stdout: "" });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(openApiDocument());
  expect(lint(file)).toMatchObject({ status: 0, text: expect.not.stringMatching(/warning/i) as string });
});

test("the linter fails for a call without any success", () => {
  const file = join(folder, "openapi.json");
  const paths = structuredClone(openApiDocument()["paths"]) as Record<string, { get: { responses: object } }>;
  Reflect.deleteProperty(paths["/login/oidc"]!.get.responses, "303");
  writeFileSync(file, JSON.stringify({ ...openApiDocument(), paths }));
  expect(lint(file)).toMatchObject({
    status: 1,
    text: expect.stringContaining("operation-success") as string,
  });
});

test("the compiler tells what is sent from its schema by one member, as the schema itself does", () => {
  const same = { label: "Chrome on Windows", class: "desktop" } satisfies DeviceView;
  // @ts-expect-error a member is missing.
  const short = { label: "Chrome on Windows" } satisfies DeviceView;
  // @ts-expect-error the schema has no such member, not even an optional one.
  const long = { ...same, id: "x" } satisfies DeviceView;
  // @ts-expect-error a member that may be absent is never undefined, which JSON has nothing for.
  const unknown = { ...same, userAgent: undefined } satisfies DeviceView;
  const accepted = [same, short, long, unknown].map((sent) => DEVICE.strict().safeParse(sent).success);
  expect(accepted).toEqual([true, false, false, false]);
});
