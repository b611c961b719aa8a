// Long: started first.
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as client from "../../client/index.ts";
import { openApiDocument } from "../../openapi/document.ts";
import { outsideProject, PACKING_MS } from "../support/packed-package.ts";
import { WITHOUT_CODE } from "./support.ts";
import { CDK_INIT_PROJECT, typeErrorsIn } from "./cdk-init-project.ts";

const run = promisify(execFile);

/** Somebody's own CDK app, with a policy function, the console and a monitor. */
const APP = `
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { SingleSession, SingleSessionConsole } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "Mine");
const sessions = new SingleSession(stack, "Sessions", { singleUserSession: "./policy.ts#policy" });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
sessions.monitor();
new CfnOutput(stack, "Url", { value: new SingleSessionConsole(stack, "Console", { sessions, httpApi: api }).url });
`;
const POLICY = `
import type { SessionPolicyFunction } from "serverless-single-session";
export const policy: SessionPolicyFunction = (user) => !user.isAdmin;
`;

/** Somebody's own page on another host. */
const PAGE = `
import { watchSession, type SessionEnded } from "serverless-single-session/client";
const watching = new AbortController();
watchSession({
  signal: watching.signal,
  fetch: (url, init) => fetch(url, { ...init, credentials: "include" }),
  onEnded: ({ code, by }: SessionEnded) => {
    document.title = by !== undefined && "device" in by ? by.device : code;
  },
});
`;

let folder: string;

beforeAll(async () => {
  folder = await outsideProject({
    "app.mjs": APP,
    "policy.ts": POLICY,
    ...Object.fromEntries(Object.entries(CDK_INIT_PROJECT).map(([name, text]) => [`shop/${name}`, text])),
    [`shop/${WRONG}`]: POLICY.replace("!user.isAdmin", '"one"'),
  });
}, PACKING_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the packed package works as a construct in somebody's own CDK app, with a policy function of theirs", async () => {
  const out = join(folder, "cdk.out");
  await run(process.execPath, ["app.mjs"], { cwd: folder, env: { ...process.env, CDK_OUTDIR: out } });
  const template = JSON.parse(await readFile(join(out, "Mine.template.json"), "utf8")) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const types = Object.values(template.Resources).map(({ Type: type }) => type);
  expect(types.filter((type) => type === "AWS::Lambda::Function").length).toBeGreaterThanOrEqual(7);
  expect(types).toEqual(expect.arrayContaining(["AWS::ApiGatewayV2::Route", "AWS::CloudWatch::Dashboard"]));
  const files = (await readdir(out, { recursive: true })).filter((name) => name.startsWith("asset."));
  const bundles = await Promise.all(
    files.filter((name) => name.endsWith("/index.mjs")).map((name) => readFile(join(out, name), "utf8")),
  );
  expect(bundles.some((bundle) => /!\w+\.isAdmin/.test(bundle))).toBe(true);
  expect(files.filter((name) => name.endsWith("/index.html"))).toHaveLength(1);
}, 240_000);

/** Runs an installed program in the project that `cdk init` made. */
const inShop = (program: string, args: readonly string[] = [], environment: Record<string, string> = {}) =>
  run(join(process.cwd(), "node_modules", ".bin", program), args, {
    cwd: join(folder, "shop"),
    env: { ...process.env, CDK_VALIDATION: "false", ...environment },
  });

/** That its types are right is a test of its own, and the compiler's; to check them here again takes long. */
const TRANSPILE_ONLY = JSON.stringify({ "ts-jest": { isolatedModules: true } });

test("an untouched project of cdk init tests its stack by jest, bundles and all", async () => {
  const { stderr } = await inShop("jest", ["--ci", "--globals", TRANSPILE_ONLY]);
  expect(stderr).toContain("Tests:       1 passed, 1 total");
}, 240_000);

test.each([
  [
    "ts-node, as cdk init has it",
    "ts-node",
    ["--prefer-ts-exts"],
    { TS_NODE_TRANSPILE_ONLY: "true", TS_NODE_IGNORE_DIAGNOSTICS: "5011" },
  ],
  ["tsx", "tsx", [], {}],
])(
  "that project's app synthesizes by %s",
  async (_, program, options, environment) => {
    const out = join(folder, `cdk.out-${program}`);
    await inShop(program, [...options, "bin/shop.ts"], {
      ...environment,
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify(WITHOUT_CODE),
    });
    expect(await readdir(out)).toContain("ShopStack.template.json");
  },
  240_000,
);

test("require and import give the same classes, and the client and its React part too, to one process that uses both", async () => {
  const script = `
    const required = require("serverless-single-session");
    const requiredClient = require("serverless-single-session/client");
    const requiredReact = require("serverless-single-session/client/react");
    const requiredEvents = require("serverless-single-session/events");
    const entries = ["", "/client", "/client/react", "/events"].map((entry) => import("serverless-single-session" + entry));
    Promise.all(entries).then(([imported, client, react, events]) => {
      const { default: _, ...names } = imported;
      console.log(JSON.stringify({
        same: Object.keys(required).every((name) => required[name] === imported[name]),
        names: [Object.keys(required), Object.keys(names)].map((list) => list.sort().join()),
        clients: [requiredClient, client].map(({ watchSession }) => typeof watchSession),
        reacts: [requiredReact, react].map(({ SessionProvider }) => typeof SessionProvider),
        sources: [requiredEvents, events].map(({ EVENT_SOURCE }) => EVENT_SOURCE),
        schemas: Object.keys(require("serverless-single-session/events.json").$defs),
      }));
    });`;
  const { stdout } = await run(process.execPath, ["--eval", script], { cwd: folder });
  const { same, names, clients, reacts, sources, schemas } = JSON.parse(stdout) as {
    same: boolean;
    names: string[];
    clients: string[];
    reacts: string[];
    sources: string[];
    schemas: string[];
  };
  const both = ["function", "function"];
  expect({ same, clients, reacts }).toEqual({ same: true, clients: both, reacts: both });
  expect(sources).toEqual(["single-session", "single-session"]);
  expect(schemas).toContain("SessionEnded");
  expect(names[0]).toContain("SingleSession");
  expect(names[1]).toBe(names[0]);
});

test("each module of the packed React part is of the client to frameworks that render on a server", async () => {
  const part = join(folder, "node_modules", "serverless-single-session", "dist", "client", "react");
  const modules = (await readdir(part)).filter((name) => /\.c?js$/.test(name));
  expect(modules).toEqual(expect.arrayContaining(["index.js", "index.cjs", "session-provider.js"]));
  const texts = await Promise.all(modules.map((name) => readFile(join(part, name), "utf8")));
  expect(texts.map((text) => text.split("\n", 1)[0])).toEqual(modules.map(() => '"use client";'));
});

/** A policy function that is wrong, among the files of that project. */
const WRONG = "lib/wrong.ts";
const isOfWrong = (line: string): boolean => line.startsWith(WRONG);
let byOptionsOfCdkInit: readonly string[] | undefined;
const errorsByOptionsOfCdkInit = (): readonly string[] =>
  (byOptionsOfCdkInit ??= typeErrorsIn(join(folder, "shop")));

test("the packed package's types are right with the compiler options of cdk init, the package's declarations included", () => {
  expect(errorsByOptionsOfCdkInit().filter((line) => !isOfWrong(line))).toEqual([]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  [
    "of older projects: CommonJS, and modules found as Node 10 did",
    { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
  ],
  ["of a bundler", { module: "esnext", moduleResolution: "bundler" }],
])("the packed package's types are right with the compiler options %s", (_, options) => {
  const errors = typeErrorsIn(join(folder, "shop"), options);
  expect(errors.filter((line) => !isOfWrong(line))).toEqual([]);
  expect(errors.filter(isOfWrong)).toHaveLength(1);
});

test("the packed package's types check a policy function, and refuse one that is wrong", () => {
  expect(errorsByOptionsOfCdkInit().filter(isOfWrong)).toEqual([
    expect.stringMatching(/^lib\/wrong\.ts\S* error TS2322: /),
  ]);
});

test("the packed client is one small script that needs nothing but a browser", async () => {
  await writeFile(
    join(folder, "page.js"),
    'export { watchSession } from "serverless-single-session/client";',
  );
  const bundle = await build({
    absWorkingDir: folder,
    entryPoints: ["page.js"],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    globalName: "client",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const sources = Object.keys(bundle.metafile.inputs).filter((path) => path !== "page.js");
  expect(sources.every((path) => path.includes("/dist/client/"))).toBe(true);
  const [script] = bundle.outputFiles;

  // A page's globals, and nothing of Node's.
  const ended = Promise.withResolvers<unknown>();
  const page = createContext({ AbortController, setTimeout, clearTimeout, ended });
  runInContext(`${script!.text}; globalThis.client = client;`, page);
  (page as unknown as { client: typeof client }).client.watchSession({
    intervalMs: 1,
    fetch: () => Promise.resolve(Response.json({ code: "session_revoked" }, { status: 401 })),
    onEnded: ended.resolve,
  });
  expect(await ended.promise).toEqual({ code: "session_revoked" });
});

test("the packed client's types are a browser's, and those of its answers are checked", async () => {
  await writeFile(join(folder, "page.ts"), PAGE);
  await writeFile(join(folder, "wrong-page.ts"), PAGE.replace("by.device", "by.address"));
  const options = ["--noEmit", "--strict", "--module", "preserve", "--lib", "es2024,dom"];
  const tsc = join(process.cwd(), "node_modules", ".bin", "tsc");
  await expect(run(tsc, [...options, "page.ts", "wrong-page.ts"], { cwd: folder })).rejects.toMatchObject({
    // All that is wrong is one thing in one file; further lines are its details.
    stdout: expect.stringMatching(/^wrong-page\.ts\S+ error TS2339: .*\n(?: .*\n)*$/) as string,
  });
});

test("the package has the OpenAPI document of this version", async () => {
  const script =
    'import document from "serverless-single-session/openapi.json" with { type: "json" }; console.log(JSON.stringify(document));';
  const printed = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  expect(JSON.parse(printed.stdout)).toEqual(openApiDocument());
});

test("the package brings its commands, compiled, and says their version", async () => {
  const own = join(folder, "node_modules", "serverless-single-session");
  const { bin, version } = JSON.parse(await readFile(join(own, "package.json"), "utf8")) as {
    bin: Record<string, string>;
    version: string;
  };
  const command = join(own, bin["serverless-single-session"]!);
  expect(await readFile(command, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  const say = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [command, ...args], { cwd: folder })).stdout;
  expect(await say("--version")).toBe(`${version}\n`);
  expect(await say("--help")).toMatch(/dev[\s\S]*users[\s\S]*smoke/);
  expect(await say("dev", "--help")).toContain("npx serverless-single-session dev --port 4000");
  expect(await say("users", "add", "--help")).toContain(
    "serverless-single-session users add [options] <name>",
  );
  expect(await say("smoke", "--help")).toContain("Exit code: 0 all passed or skipped");
  expect(await say("sessions", "list", "--help")).toContain("npx serverless-single-session sessions list\n");
  expect(await say("complete", "bash")).toContain("serverless-single-session");
});

test("the package has its license and what changed, and nothing that is not its own", async () => {
  const own = join(folder, "node_modules", "serverless-single-session");
  expect((await readdir(own)).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "dist",
    "package.json",
    "src",
  ]);
});
