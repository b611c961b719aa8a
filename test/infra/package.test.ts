import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as client from "../../client/index.ts";
import { openApiDocument } from "../../openapi/document.ts";

const run = promisify(execFile);

/** Somebody's own CDK app, as the README shows it. */
const APP = `
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { SingleSession, SingleSessionConsole } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "Mine");
const sessions = new SingleSession(stack, "Sessions", { singleUserSession: "./policy.ts#policy" });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
new CfnOutput(stack, "Url", { value: new SingleSessionConsole(stack, "Console", { sessions, httpApi: api }).url });
`;
const POLICY = `
import type { SessionPolicyFunction } from "serverless-single-session";
export const policy: SessionPolicyFunction = (user) => !user.isAdmin;
`;

/** Somebody's own page, as the README shows it. */
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
  folder = await mkdtemp(join(tmpdir(), "package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder]);
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  await run("tar", ["-xzf", join(folder, packed!.filename), "-C", folder]);
  // What npm would install beside it.
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir("node_modules")) {
    if (!name.startsWith("."))
      await symlink(join(process.cwd(), "node_modules", name), join(folder, "node_modules", name));
  }
  await run("mv", [join(folder, "package"), join(folder, "node_modules", "serverless-single-session")]);
  await writeFile(join(folder, "app.mjs"), APP);
  await writeFile(join(folder, "policy.ts"), POLICY);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the packed package works as a construct in somebody's own CDK app, with a policy function of theirs", async () => {
  const out = join(folder, "cdk.out");
  await run(process.execPath, ["app.mjs"], { cwd: folder, env: { ...process.env, CDK_OUTDIR: out } });
  const template = JSON.parse(await readFile(join(out, "Mine.template.json"), "utf8")) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const types = Object.values(template.Resources).map(({ Type: type }) => type);
  expect(types.filter((type) => type === "AWS::Lambda::Function").length).toBeGreaterThanOrEqual(7);
  expect(types).toContain("AWS::ApiGatewayV2::Route");
  const files = (await readdir(out, { recursive: true })).filter((name) => name.startsWith("asset."));
  const bundles = await Promise.all(
    files.filter((name) => name.endsWith("/index.mjs")).map((name) => readFile(join(out, name), "utf8")),
  );
  expect(bundles.some((bundle) => /!\w+\.isAdmin/.test(bundle))).toBe(true);
  expect(files.filter((name) => name.endsWith("/index.html"))).toHaveLength(1);
}, 240_000);

/** What the compiler says of files beside the package. */
const typesOf = (options: string, ...files: string[]) =>
  run(
    join(process.cwd(), "node_modules", ".bin", "tsc"),
    ["--noEmit", "--strict", ...options.split(" "), ...files],
    { cwd: folder },
  );
/** All that is wrong is one thing in one file; further lines are its details. */
const onlyOneError = (file: string, code: string) =>
  expect.stringMatching(new RegExp(`^${file}\\S+ error ${code}: .*\\n(?: .*\\n)*$`)) as string;

test("the packed package's types check a policy function, and refuse one that is wrong", async () => {
  await writeFile(join(folder, "wrong.ts"), POLICY.replace("!user.isAdmin", '"one"'));
  await expect(
    typesOf("--module nodenext --skipLibCheck --types node", "policy.ts", "wrong.ts"),
  ).rejects.toMatchObject({ stdout: onlyOneError("wrong.ts", "TS2322") });
}, 120_000);

test("the packed client is one small script that needs nothing but a browser", async () => {
  await writeFile(join(folder, "page.js"), 'export * from "serverless-single-session/client";');
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
  expect(script!.contents.length).toBeLessThan(6000);

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
  await expect(
    typesOf("--module preserve --lib es2024,dom", "page.ts", "wrong-page.ts"),
  ).rejects.toMatchObject({ stdout: onlyOneError("wrong-page.ts", "TS2339") });
}, 120_000);

test("the package has the OpenAPI document of this version", async () => {
  const script =
    'import document from "serverless-single-session/openapi.json" with { type: "json" }; console.log(JSON.stringify(document));';
  const printed = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  expect(JSON.parse(printed.stdout)).toEqual(openApiDocument());
});
