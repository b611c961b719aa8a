import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";
import { outsideProject, PACKING_MS } from "../support/packed-package.ts";
import { guardEnvironment, startGuarded, type Guarded } from "./support.ts";

const run = promisify(execFile);

/** What a function with a guard has at most, minified as our own functions are. */
const MOST_BYTES = 240_000;
/** What whoever does not minify gets: the same code, printed with white space. */
const MOST_BYTES_PRINTED = 320_000;

/** Somebody's own function. */
const HANDLER = `
import { createGuard } from "serverless-single-session/guard";
const guard = createGuard();
export const handler = (event) => guard.check(event);
`;

/** How people bundle functions, and the file that comes of it. */
const BUNDLERS: readonly (readonly [string, BuildOptions])[] = [
  ["plain esbuild", { bundle: true, platform: "node", format: "esm", outfile: "plain.mjs" }],
  ["plain esbuild as CommonJS", { bundle: true, platform: "node", format: "cjs", outfile: "plain.cjs" }],
  [
    "NodejsFunction's defaults",
    // aws-lambda-nodejs: what the runtime brings is left to it.
    {
      bundle: true,
      platform: "node",
      target: "node24",
      external: ["@aws-sdk/*", "@smithy/*"],
      outfile: "cdk.cjs",
    },
  ],
  ["esbuild, minified", { bundle: true, platform: "node", format: "esm", minify: true, outfile: "min.mjs" }],
  [
    "the options of our own functions",
    { ...BUNDLE_OPTIONS, mainFields: [...BUNDLE_OPTIONS.mainFields], minify: true, outfile: "ours.mjs" },
  ],
];

let folder: string;
let guarded: Guarded;
beforeAll(async () => {
  folder = await outsideProject({ "handler.js": HANDLER, "package.json": '{ "type": "module" }' });
  guarded = await startGuarded();
}, PACKING_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program with what `sessions.protect(fn)\` and Lambda set. */
const runGuarded = async (...args: string[]): Promise<unknown> => {
  const env = guardEnvironment(guarded.tableName);
  return JSON.parse((await run(process.execPath, args, { cwd: folder, env })).stdout) as unknown;
};

describe.each(BUNDLERS)("bundled by %s", (_, options) => {
  const outfile = options.outfile ?? "";

  const most = options.minify === true ? MOST_BYTES : MOST_BYTES_PRINTED;

  test(`a function with a guard has at most ${most} bytes, and brings no schema library`, async () => {
    const { metafile } = await build({
      logLevel: "silent",
      ...options,
      absWorkingDir: folder,
      entryPoints: ["handler.js"],
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    expect(output!.bytes).toBeLessThanOrEqual(most);
    const inputs = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
    const own = /serverless-single-session\/dist\/guard\/(core|index|shared-\w+)\.js$/;
    expect(inputs.filter((path) => !own.test(path))).toEqual([]);
    expect(await readFile(join(folder, outfile), "utf8")).not.toMatch(/ZodError|credential-provider-node/);
  });

  test("it says yes to a live session and no to another, by nothing but the bundle", async () => {
    const token = await guarded.logIn("alice");
    const script = (authorization: string) =>
      `import("./${outfile}").then(async ({ handler }) =>
        console.log(JSON.stringify(await handler({ headers: { authorization: "${authorization}" } }))))`;
    expect(await runGuarded("--eval", script(`Bearer ${token}`))).toMatchObject({
      outcome: "live",
      user: { id: "alice" },
    });
    expect(await runGuarded("--eval", script(`Bearer ${"A".repeat(43)}`))).toMatchObject({
      problem: { code: "session_unknown" },
    });
  });
});

test.each([
  ["import", 'import { createGuard } from "serverless-single-session/guard";', "mjs"],
  ["require", 'const { createGuard } = require("serverless-single-session/guard");', "cjs"],
])("the packed guard works without a bundler too, by %s", async (_, load, extension) => {
  const token = await guarded.logIn("alice");
  const check = `createGuard().check({ authorization: "Bearer ${token}" })`;
  await writeFile(
    join(folder, `server.${extension}`),
    `${load}\n${check}.then((outcome) => console.log(JSON.stringify(outcome)));`,
  );
  expect(await runGuarded(`server.${extension}`)).toMatchObject({ outcome: "live" });
});

test("reading the authorizer's context brings no client of DynamoDB along", async () => {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: 'export * from "serverless-single-session/guard/authorizer";', resolveDir: folder },
    bundle: true,
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  expect(outputFiles[0]!.contents.length).toBeLessThan(5000);
});

test("the licenses of what is in the package's guard go with it", async () => {
  const text = await readFile(
    join(folder, "node_modules/serverless-single-session/dist/guard/LICENSES.txt"),
    "utf8",
  );
  expect(text).toMatch(/^@aws-sdk\/client-dynamodb \S+ \(Apache-2\.0\)$/m);
  expect(text).toMatch(/^cookie \S+ \(MIT\)$/m);
});
