// Longest: started first.
/**
 * What a reader does: the packed package, installed outside of this repository, runs the README's sample in a
 * project of `cdk init`, and each example; people of a user pool sign in by the page of the local provider.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { logInByBackend, startDev } from "../support/dev-process.ts";
import { HttpClient } from "../support/http-client.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";
import { PACKING_MS } from "../support/packed-package.ts";
import { appFiles, samplesOf } from "../try-package/app-files.ts";
import { displaceByIdTokens, EXAMPLES, type RunningApp } from "./first-displaced.ts";
import { copyExamples, type OutsideExamples } from "./outside-examples.ts";

const STARTING_MS = 240_000;
vi.setConfig({ testTimeout: STARTING_MS });

let examples: OutsideExamples;
beforeAll(async () => {
  examples = await copyExamples();
}, PACKING_MS);
afterAll(() => rm(examples.folder, { recursive: true, force: true }));

/** Runs an app as long as `use` takes, and checks that Ctrl-C ends it well. */
async function withDev(app: string, use: (app: RunningApp) => Promise<void>): Promise<void> {
  const program = join(examples.folder, "node_modules/.bin/serverless-single-session");
  const dev = await startDev([program, "dev"], join(examples.folder, app));
  try {
    await use(dev);
  } catch (error) {
    throw new Error(dev.said(), { cause: error });
  } finally {
    expect(await dev.stop(), dev.said()).toBe(0);
    recordOutput("terminal", dev.said());
  }
}

test("the README's sample, in a project of cdk init", async () => {
  const samples = samplesOf(await readFile(join(PROJECT_FOLDER, "README.md"), "utf8"));
  const files = appFiles("CommonJS", samples);
  for (const [name, text] of Object.entries({ ...files, "package-lock.json": "{}" })) {
    const file = join(examples.folder, "readme", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await withDev("readme", async (app) => {
    await displaceByIdTokens(app);
    const { url, said } = app;
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

const displacesFirst = (example: string): Promise<void> => withDev(example, EXAMPLES[example]!);

test("cognito-http-api", () => displacesFirst("cognito-http-api"));

test("cognito-drop-in lets nobody through without the pool's access token", () =>
  withDev("cognito-drop-in", async (app) => {
    const authorization = "Bearer nobody's";
    const answer = await new HttpClient(app.url).call("GET", "/reports", undefined, { authorization });
    expect(answer.status).toBe(403);
    await EXAMPLES["cognito-drop-in"]!(app);
  }));

test("own-backend", () => displacesFirst("own-backend"));

test("policy-function: its policy asks before a second browser", () => displacesFirst("policy-function"));

test("rest-api", () => displacesFirst("rest-api"));

test("react-spa: the page and the API at one origin", async () => {
  await examples.runScript("react-spa", "build");
  await withDev("react-spa", async (app) => {
    expect(await (await fetch(`${app.url}/`)).text()).toContain('<script type="module"');
    await EXAMPLES["react-spa"]!(app);
  });
});

test("each example is here", () => {
  expect(examples.names).toEqual(Object.keys(EXAMPLES));
});
