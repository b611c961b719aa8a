// Long: started first.
import { once } from "node:events";
import { renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createReloading, type Reloaded, type Reloading } from "../../local/dev/reloading.ts";
import { watchFolder } from "../../local/dev/watch.ts";
import { synthesizeOwnApp } from "../../local/own-app.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const INDEX = JSON.stringify(join(PROJECT_FOLDER, "infra/index.ts"));
const FILES = {
  "package.json": '{ "type": "module" }',
  "package-lock.json": "{}",
  "cdk.json": '{ "app": "node app.ts" }',
  // Each synth leaves a line; the folder of the app is watched, so it is somewhere else.
  "app.ts": `
import { appendFileSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { SingleSession } from ${INDEX};
import { SHARED } from "./shared.ts";

appendFileSync("../synths.txt", process.pid + "\\n");
const stack = new Stack(new App(), "Mine");
const sessions = new SingleSession(stack, "Sessions", { identity: [], singleUserSession: "./policy.ts#policy" });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
const runtime = Runtime.NODEJS_24_X;
const environment = { SHARED };
const bundled = new NodejsFunction(stack, "bundled", { entry: "functions/bundled.ts", runtime, environment });
const module = new NodejsFunction(stack, "module", {
  entry: "functions/bundled.ts",
  runtime,
  bundling: { format: "esm", minify: true, sourceMap: true },
});
const code = Code.fromAsset("plain");
const plain = new LambdaFunction(stack, "plain", { runtime, handler: "plain.handler", code });
for (const [path, fn] of Object.entries({ bundled, module, plain })) {
  const integration = new HttpLambdaIntegration(path, fn);
  api.addRoutes({ path: "/" + path, methods: [HttpMethod.GET], integration });
}
`,
  "shared.ts": 'export const SHARED: string = "shared 1";',
  "policy.ts": 'export const policy = () => ({ limit: 1, atLimit: "deny" });',
  "functions/bundled.ts": `
import { SHARED } from "../shared.ts";
import { said } from "./said.ts";
export const handler = async () => ({ statusCode: 200, body: [said, SHARED, process.env["SHARED"]].join(", ") });
`,
  "functions/said.ts": 'export const said: string = "said 1";',
  "plain/plain.mjs": 'export const handler = async () => ({ statusCode: 200, body: "plain 1" });',
} as const;

let parent: string;
let folder: string;
let assembly: string;
let stack: TestStack;
let reloading: Reloading;
const ending = new AbortController();
const said: string[] = [];
const reloaded: Reloaded[] = [];
/** Processes that stand by for a synth. */
const waiting: number[] = [];

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), "reloading-")));
  folder = join(parent, "app");
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await write(name, text);
  }
  await symlink(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"));
  const app = { folder };
  assembly = await synthesizeOwnApp(app, ending.signal);
  stack = await startTestStack({ synthesizedFolder: assembly });
  reloading = createReloading(app, stack, {
    say: (text) => said.push(text),
    signal: ending.signal,
    onReloaded: (what) => reloaded.push(what),
    onWaiting: (pid) => waiting.push(pid),
  });
  watchFolder(folder, {
    ignored: [],
    onChange: (files) => reloading.changed(files),
    signal: ending.signal,
  });
});
afterAll(async () => {
  ending.abort();
  await reloading.settled();
  await stack.stop();
  await rm(assembly, { recursive: true, force: true });
  await rm(parent, { recursive: true, force: true });
});

beforeEach(() => {
  said.length = 0;
  reloaded.length = 0;
});

const get = async (path: string): Promise<string> => (await fetch(stack.url + path)).text();
/** A synth takes some seconds, and on a busy machine ten times as long. */
const LONGEST_MS = 240_000;
vi.setConfig({ testTimeout: 2 * LONGEST_MS, hookTimeout: 2 * LONGEST_MS });
/** Until so many changes of this test are reloaded; what comes of one is there by then. */
const untilReloaded = (count: number) =>
  vi.waitFor(() => expect(reloaded, said.join("\n")).toHaveLength(count), {
    timeout: LONGEST_MS,
    interval: 50,
  });
/** Of each synth the app's process. */
const pids = async (): Promise<number[]> =>
  (await readFile(join(parent, "synths.txt"), "utf8")).trim().split("\n").map(Number);
const synths = async (): Promise<number> => (await pids()).length;

/** Of a person with a session, who keeps it whatever is reloaded. */
async function signIn(user: string): Promise<{ isLive(): Promise<boolean>; code: string | undefined }> {
  const result = await stack.invoke("login", { user: { id: user } });
  if (result.outcome === "fault") throw new Error(result.fault.errorMessage);
  const { token = "", code } = result.answer as { readonly token?: string; readonly code?: string };
  const isLive = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await new HttpClient(stack.url).call("GET", "/session", undefined, headers)).status === 200;
  };
  return { isLive, code };
}

test("a source of bundles: the functions that it is in answer with the new code, without a synth", async () => {
  const alice = await signIn("alice");
  expect(await get("/module")).toBe("said 1, shared 1, ");
  expect(await get("/bundled")).toBe("said 1, shared 1, shared 1");
  await write("functions/said.ts", 'export const said: string = "said 2";');
  await untilReloaded(1);
  expect(await get("/bundled")).toBe("said 2, shared 1, shared 1");
  expect(await get("/module")).toBe("said 2, shared 1, ");
  expect(reloaded).toEqual([{ files: ["functions/said.ts"], functions: ["bundled", "module"] }]);
  expect(said).toEqual([
    expect.stringMatching(/^Reloaded bundled, module in \d+\.\d s: functions\/said\.ts$/),
  ]);
  expect([await synths(), await alice.isLive()]).toEqual([1, true]);
});

test("an input that came later counts from then on", async () => {
  await write("functions/late.ts", 'export const late = "late 1";');
  await untilReloaded(1);
  const before = await synths();
  await write("functions/said.ts", 'import { late } from "./late.ts"; export const said: string = late;');
  await untilReloaded(2);
  expect(await get("/bundled")).toContain("late 1");
  await write("functions/late.ts", 'export const late = "late 2";');
  await untilReloaded(3);
  expect(await get("/bundled")).toContain("late 2");
  expect(await synths()).toBe(before);
});

test("a file of a folder of code, replaced as editors do it", async () => {
  const before = await synths();
  // At once: how long the other file is there must not depend on how busy the machine is.
  const other = join(folder, "plain/plain.mjs.tmp");
  writeFileSync(other, FILES["plain/plain.mjs"].replace("plain 1", "plain 2"));
  renameSync(other, join(folder, "plain/plain.mjs"));
  await untilReloaded(1);
  expect(await get("/plain")).toBe("plain 2");
  expect(reloaded).toEqual([{ files: ["plain/plain.mjs"], functions: ["plain"] }]);
  expect(await synths()).toBe(before);
});

test("a policy function decides anew, without a synth", async () => {
  const before = await synths();
  const first = await signIn("omar");
  expect((await signIn("omar")).code).toBe("session_limit");
  await write("policy.ts", 'export const policy = () => ({ limit: 1, atLimit: "displace" });');
  await untilReloaded(1);
  expect(reloaded).toEqual([{ files: ["policy.ts"], functions: ["login"] }]);
  expect(await first.isLive()).toBe(true);
  expect((await signIn("omar")).code).toBeUndefined();
  expect([await first.isLive(), await synths()]).toEqual([false, before]);
});

test("code that does not build is said, what ran before goes on, and the next that builds runs", async () => {
  const before = await get("/bundled");
  await write("functions/said.ts", "export const said: string = (");
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: LONGEST_MS, interval: 50 });
  expect(said[0]).toMatch(
    /^Not reloaded \(functions\/said\.ts\); what ran before goes on\.\n[^]*said\.ts:1:29/,
  );
  expect(await get("/bundled")).toBe(before);
  await write("functions/said.ts", 'export const said: string = "said 3";');
  await untilReloaded(1);
  expect(await get("/bundled")).toContain("said 3");
});

test("what the app itself reads is synthesized anew, though a bundle has it as well; sessions stay", async () => {
  const [before, maria] = [await synths(), await signIn("maria")];
  await write("shared.ts", 'export const SHARED: string = "shared 2";');
  await untilReloaded(1);
  expect(reloaded).toEqual([{ files: ["shared.ts"], functions: undefined }]);
  expect(await get("/bundled")).toBe("said 3, shared 2, shared 2");
  expect([await synths(), await maria.isLive()]).toEqual([before + 1, true]);
  // What the new synth left behind is gone by from now on.
  await write("functions/said.ts", 'export const said: string = "said 4";');
  await untilReloaded(2);
  expect(await get("/module")).toContain("said 4");
  expect(await synths()).toBe(before + 1);
});

test("a stack that throws is said and the old one goes on; mended, its settings and routes are in effect", async () => {
  const maria = await signIn("maria");
  const throwing = FILES["app.ts"].replace("const stack", 'throw new Error("not today");\nconst stack');
  await write("app.ts", throwing);
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: LONGEST_MS, interval: 50 });
  expect(said[0]).toMatch(
    /^Not reloaded \(app\.ts\); what ran before goes on\.\nnot today\n {2}at .*app\.ts/,
  );
  expect(await get("/bundled")).toContain("shared 2");

  // The next one waits already, for which nothing changes but sources of the app.
  const standsBy = async () => expect(await pids()).not.toContain(waiting.at(-1));
  await vi.waitFor(standsBy, { timeout: LONGEST_MS, interval: 50 });
  const changed = FILES["app.ts"]
    .replace("const environment = { SHARED };", 'const environment = { SHARED: "from the stack" };')
    .replace("identity: [],", "identity: [], absoluteTimeout: Duration.hours(2),")
    .replace("import { App, Stack }", "import { App, Duration, Stack }");
  const route = `
api.addRoutes({ path: "/new", methods: [HttpMethod.GET], integration: new HttpLambdaIntegration("new", plain) });
`;
  await write("app.ts", changed + route);
  await untilReloaded(1);
  expect(await get("/bundled")).toContain("from the stack");
  expect(await get("/new")).toMatch(/^plain /);
  expect(await maria.isLive()).toBe(true);
  expect(waiting).toContain((await pids()).at(-1));
});

test("a file that comes and goes is no change", async () => {
  const before = await synths();
  // Removed as soon as it can have been noticed.
  const noticed = once(watch(join(folder, "functions")), "change");
  await write("functions/4913", "");
  await noticed;
  rmSync(join(folder, "functions/4913"));
  await write("plain/plain.mjs", FILES["plain/plain.mjs"].replace("plain 1", "plain 3"));
  await untilReloaded(1);
  expect(await get("/plain")).toBe("plain 3");
  expect(reloaded).toEqual([{ files: ["plain/plain.mjs"], functions: ["plain"] }]);
  expect(await synths()).toBe(before);
});
