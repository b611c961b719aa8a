// Longest: started first.
/**
 * What a reader does: the packed package, installed outside of this repository, runs the README's sample in a
 * project of `cdk init`, and each example. Where people sign in at a provider, a backend's call of the login
 * function stands for it; test/local/provider has the provider.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { logInByBackend, startDev } from "../support/dev-process.ts";
import { FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";
import { PACKING_MS } from "../support/packed-package.ts";
import { appFiles, samplesOf } from "../try-package/app-files.ts";
import { copyExamples, type OutsideExamples } from "./outside-examples.ts";

const STARTING_MS = 240_000;
vi.setConfig({ testTimeout: STARTING_MS });

let examples: OutsideExamples;
beforeAll(async () => {
  examples = await copyExamples();
}, PACKING_MS);
afterAll(() => rm(examples.folder, { recursive: true, force: true }));

/** Runs an app as long as `use` takes, and checks that Ctrl-C ends it well. */
async function withDev(app: string, use: (url: string, said: () => string) => Promise<void>): Promise<void> {
  const program = join(examples.folder, "node_modules/.bin/serverless-single-session");
  const dev = await startDev([program, "dev"], join(examples.folder, app));
  try {
    await use(dev.url, dev.said);
  } catch (error) {
    throw new Error(dev.said(), { cause: error });
  } finally {
    expect(await dev.stop(), dev.said()).toBe(0);
    recordOutput("terminal", dev.said());
  }
}

const ask = async (url: string, token = ""): Promise<{ status: number; code: unknown }> => {
  const response = await fetch(url, { headers: token === "" ? {} : { authorization: `Bearer ${token}` } });
  const { code } = (await response.json().catch(() => ({}))) as { readonly code?: unknown };
  return { status: response.status, code };
};
const DISPLACED = { status: 401, code: "session_displaced" };

/** The first device's session ends with the second's login; `reports` is behind the authorizer. */
async function expectOneSession(url: string, reports: string): Promise<void> {
  expect((await ask(`${url}/session`)).status).toBe(401);
  const laptop = await logInByBackend(url, "alice");
  expect((await ask(`${url}${reports}`, laptop)).status).toBe(200);
  const phone = await logInByBackend(url, "alice");
  expect((await ask(`${url}${reports}`, laptop)).status).toBe(403);
  expect(await ask(`${url}/session`, laptop)).toEqual(DISPLACED);
  expect((await ask(`${url}${reports}`, phone)).status).toBe(200);
}

/** The same by the demo users' passwords, with cookies. */
async function expectOneSessionByPassword(url: string): Promise<void> {
  const [laptop, phone] = [new HttpClient(url), new HttpClient(url, FIREFOX_ON_MACOS)];
  const body = { username: "alice", password: DEMO_PASSWORD };
  expect((await laptop.call("POST", "/login", body)).status).toBe(201);
  expect((await laptop.call("GET", "/session")).status).toBe(200);
  expect((await phone.call("POST", "/login", body)).status).toBe(201);
  expect(await laptop.call("GET", "/session")).toMatchObject({
    status: 401,
    body: { code: "session_displaced" },
  });
  expect((await phone.call("GET", "/session")).status).toBe(200);
}

test("the README's sample, in a project of cdk init", async () => {
  const samples = samplesOf(await readFile(join(PROJECT_FOLDER, "README.md"), "utf8"));
  const files = appFiles("CommonJS", samples);
  for (const [name, text] of Object.entries({ ...files, "package-lock.json": "{}" })) {
    const file = join(examples.folder, "readme", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await withDev("readme", async (url, said) => {
    await expectOneSession(url, "/reports");
    const reports = join(examples.folder, "readme", "functions/reports.ts");
    await writeFile(reports, (await readFile(reports, "utf8")).replace("reports of", "New reports of"));
    const token = await logInByBackend(url, "maria");
    await vi.waitFor(
      async () => {
        const response = await fetch(`${url}/reports`, { headers: { authorization: `Bearer ${token}` } });
        expect(await response.text()).toBe("New reports of maria");
      },
      { timeout: STARTING_MS, interval: 100 },
    );
    expect(said()).toMatch(/^Reloaded Reports in \d+\.\d s: functions\/reports\.ts$/m);
  });
});

test("cognito-http-api", () => withDev("cognito-http-api", (url) => expectOneSession(url, "/reports")));

test("cognito-drop-in lets nobody through without the pool's access token", () =>
  withDev("cognito-drop-in", async (url) => {
    expect((await ask(`${url}/reports`)).status).toBe(403);
    expect((await ask(`${url}/reports`, "nobody's")).status).toBe(403);
  }));

test("own-backend", () =>
  withDev("own-backend", async (url) => {
    const [laptop, phone] = [new HttpClient(url), new HttpClient(url, FIREFOX_ON_MACOS)];
    expect((await laptop.call("POST", "/sign-in", { code: "demo" })).status).toBe(201);
    expect((await phone.call("POST", "/sign-in", { code: "demo" })).status).toBe(201);
    expect(await laptop.call("GET", "/session")).toMatchObject({
      status: 401,
      body: { code: "session_displaced" },
    });
    expect((await phone.call("GET", "/session")).status).toBe(200);
  }));

test("policy-function: its policy asks before a second browser", () =>
  withDev("policy-function", async (url) => {
    const [laptop, other] = [new HttpClient(url), new HttpClient(url, FIREFOX_ON_MACOS)];
    const body = { username: "alice", password: DEMO_PASSWORD };
    expect((await laptop.call("POST", "/login", body)).status).toBe(201);
    expect((await other.call("POST", "/login", body)).status).toBe(409);
  }));

test("rest-api", () => withDev("rest-api", (url) => expectOneSessionByPassword(`${url}/prod`)));

test("react-spa: the page and the API at one origin", async () => {
  await examples.runScript("react-spa", "build");
  await withDev("react-spa", async (url) => {
    expect(await (await fetch(`${url}/`)).text()).toContain('<script type="module"');
    await expectOneSessionByPassword(url);
  });
});
