import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { DEMO_PASSWORD, DEMO_USERS } from "../../cli/demo-users.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { addDemoUsers } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { isAsShown, stepsOfConsole, type Step } from "./commands.ts";
import type { Block, Page } from "./pages.ts";

const run = promisify(execFile);

/** A command of a page that did something else than the page shows. */
export interface Difference {
  readonly place: string;
  readonly command: string;
  readonly output: string;
  readonly shown: string;
}

/** The blocks of a page whose commands run. */
export const commandBlocks = ({ blocks }: Page): readonly Block[] =>
  blocks.filter(
    ({ language, attributes }) =>
      (language === "console" || language === "sh") && attributes["no-run"] === undefined,
  );

/**
 * Runs all commands of a page, in their order and in one folder of the page's own. They call a local stack:
 * that of the page's last `npm start`, or one with the default settings.
 */
export async function runPage(page: Page): Promise<Difference[]> {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  const differences: Difference[] = [];
  let stack: TestStack | undefined;
  try {
    for (const block of commandBlocks(page)) {
      for (const step of stepsOf(block)) {
        if (isStart(step.command)) {
          await stack?.stop();
          stack = await startStack(step.command);
          continue;
        }
        stack ??= await startStack("npm start");
        const { output, exitCode } = await runCommand(step.command, stack.url, folder);
        // Pages show what a command refuses. A script shows nothing, so it has to succeed.
        const isRight = block.language === "sh" ? exitCode === 0 : isAsShown(output, step.shown);
        if (!isRight) differences.push({ place: `${page.path}:${block.line}`, ...step, output });
      }
    }
  } finally {
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return differences;
}

const stepsOf = ({ language, text }: Block): Step[] =>
  language === "console" ? stepsOfConsole(text) : [{ command: text, shown: "" }];

const isStart = (command: string): boolean => /^npm start\b/.test(command);

/** `npm start -- --set name=value`: its output is what test/local/npm-start.test.ts is about. */
async function startStack(command: string): Promise<TestStack> {
  const words = (command.split(" -- ")[1] ?? "").replace(/\s#.*$/s, "").match(/(?:[^\s']|'[^']*')+/g) ?? [];
  const { values } = parseArgs({
    args: words.map((word) => word.replaceAll("'", "")),
    options: { set: { type: "string", multiple: true }, "no-provider": { type: "boolean" } },
  });
  const context: Record<string, string> = Object.fromEntries(
    (values.set ?? []).map((pair): [string, string] => {
      const [name = "", value = ""] = pair.split(/=(.*)/s, 2);
      return [name, value];
    }),
  );
  const signIn = { users: DEMO_USERS, password: DEMO_PASSWORD };
  const stack = await startTestStack({ context, ...(values["no-provider"] !== true && { signIn }) });
  if (stack.tables["UsersTableName"] !== undefined) await addDemoUsers(stack);
  return stack;
}

const { scripts } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** What npm runs for a script that is a program of this project. */
function programOf(script: string): string | undefined {
  const [, file] = /^node (\S+)$/.exec(scripts[script] ?? "") ?? [];
  return file && `${process.execPath} ${join(PROJECT_FOLDER, file)}`;
}

async function runCommand(
  command: string,
  url: string,
  folder: string,
): Promise<{ readonly output: string; readonly exitCode: number }> {
  const { port, host } = new URL(url);
  const script = command
    .replaceAll("localhost:3000", host)
    // Each command of `users` and `sessions` has the option, not these themselves.
    .replaceAll(/\bnpm run (users|sessions) -- ([\w-]+)/g, `npm run $1 -- $2 --port ${port}`)
    .replaceAll(/\bnpm run smoke( --)?/g, `npm run smoke -- --port ${port}`)
    // What npm would run, without its own start.
    .replaceAll(/\bnpm run ([\w:-]+)(?: --)?/g, (npmRun, name: string) => programOf(name) ?? npmRun)
    .replaceAll(/(^|\| )npm /gm, `$1npm --prefix ${PROJECT_FOLDER} `)
    // Two synths into one folder would lock each other out.
    .replaceAll(/^npx cdk synth\b/gm, `cd ${PROJECT_FOLDER} && npx cdk synth --output ${folder}/cdk.out`);
  const { stdout, stderr, code } = await run("bash", ["-e", "-c", script], {
    cwd: folder,
    // Pages do not show npm's own lines. CDK's check of the template takes longer than all the rest.
    env: { ...process.env, npm_config_loglevel: "silent", NO_COLOR: "1", CDK_VALIDATION: "false" },
  }).then(
    (outputs) => ({ ...outputs, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
  return { output: (stdout + stderr).replaceAll(host, "localhost:3000"), exitCode: code };
}
