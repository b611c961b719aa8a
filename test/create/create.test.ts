// Long: started first.
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { check } from "prettier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askName, askRest, type Terminal } from "../../create/ask.ts";
import { nameProblem, valuesOf, type Choices } from "../../create/choices.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { freePort } from "../support/dev-process.ts";
import { outsideProject, PACKING_MS } from "../support/packed-package.ts";

const run = promisify(execFile);

const APPS = valuesOf("signIn").flatMap((signIn) =>
  valuesOf("api").flatMap((api) => valuesOf("frontEnd").map((frontEnd) => ({ signIn, api, frontEnd }))),
);
const nameOf = ({ signIn, api, frontEnd }: Choices): string =>
  `${signIn === "cognito" ? "pool" : signIn}-${api}-${frontEnd}`;

/** For twelve apps, on a busy machine. */
const COMPILING_MS = 240_000;
/** To synthesize an app twice and run it, on a busy machine. */
const RUNNING_MS = 240_000;

/** Where the package of the program is unpacked, beside the apps, where the main package is installed. */
let folder: string;

beforeAll(async () => {
  folder = await outsideProject();
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: join(PROJECT_FOLDER, "create"),
  });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>);
  await mkdir(join(folder, "program"));
  const tarball = join(folder, packed?.filename ?? "");
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(folder, "program")]);
  for (const app of APPS) {
    await create(nameOf(app), ...optionsOf(app));
    // Which `npm install` leaves: the CDK finds the app's root by it.
    await writeFile(join(folder, nameOf(app), "package-lock.json"), "{}\n");
  }
}, PACKING_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const optionsOf = ({ signIn, api, frontEnd }: Choices) =>
  ["--sign-in", signIn, "--api", api, "--front-end", frontEnd] as const;

/** Runs the packed program, which finds nothing of this repository beside it. */
async function create(...args: readonly string[]): Promise<{ readonly stdout: string }> {
  return run(process.execPath, [join(folder, "program/dist/main.js"), ...args], { cwd: folder });
}

const refusalOf = (...args: readonly string[]): Promise<unknown> =>
  create(...args).then(
    ({ stdout }) => `no refusal: ${stdout}`,
    (error: unknown) => (error as { readonly stderr: string }).stderr,
  );

test("the program says the one command that runs the app", async () => {
  const { stdout } = await create("plain", "--yes");
  expect(stdout).toContain("plain/stack.ts");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("  cd plain && npm install && npm run dev");
  expect(await readFile(join(folder, "plain/stack.ts"), "utf8")).toContain("new UserPool");
});

test(
  "every app is right for the compiler, with the packed package's types",
  async () => {
    // One compiler for all: CDK's types are read once.
    const config = {
      extends: `./${nameOf({ signIn: "own", api: "http", frontEnd: "react" })}/tsconfig.json`,
      include: ["./*/**/*.ts", "./*/**/*.tsx"],
      exclude: ["node_modules", "program"],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(PROJECT_FOLDER, "node_modules/.bin/tsc");
    const said = await run(compiler, ["-p", ".", "--listFiles"], { cwd: folder }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { readonly stdout: string }).stdout,
    );
    const lines = said.split("\n");
    for (const app of APPS) expect(lines).toContain(join(await realpath(folder), nameOf(app), "stack.ts"));
    expect(lines.filter((line) => line !== "" && !isAbsolute(line))).toEqual([]);
  },
  COMPILING_MS,
);

test("every file is formatted, and no mark of the template is left in it", async () => {
  const unformatted: string[] = [];
  for (const app of APPS) {
    const paths = await readdir(join(folder, nameOf(app)), { recursive: true, withFileTypes: true });
    for (const entry of paths.filter((one) => one.isFile())) {
      const file = join(entry.parentPath, entry.name);
      const text = await readFile(file, "utf8");
      expect(text, file).not.toMatch(/<%|%>/);
      if (entry.name === ".gitignore") continue;
      if (!(await check(text, { filepath: file, printWidth: 110 }))) unformatted.push(file);
    }
  }
  expect(unformatted).toEqual([]);
});

/** Each pair of answers is in one of them. */
const TESTED: readonly Choices[] = [
  { signIn: "cognito", api: "http", frontEnd: "none" },
  { signIn: "cognito", api: "rest", frontEnd: "react" },
  { signIn: "oidc", api: "http", frontEnd: "react" },
  { signIn: "oidc", api: "rest", frontEnd: "none" },
  { signIn: "own", api: "http", frontEnd: "react" },
  { signIn: "own", api: "rest", frontEnd: "none" },
];
test("the apps' own tests of their stacks pass, whatever was chosen", async () => {
  const vite = join(PROJECT_FOLDER, "node_modules/.bin/vite");
  // As in an app: the CDK finds by it where sources may be.
  await writeFile(join(folder, "package-lock.json"), "{}\n");
  for (const app of TESTED.filter(({ frontEnd }) => frontEnd === "react")) {
    const cwd = join(folder, nameOf(app));
    await run(vite, ["build", "web", "--outDir", "../dist", "--emptyOutDir"], { cwd });
  }
  // One process for all: to load the CDK, and its check of templates, takes longer than the tests.
  const files = TESTED.map((app) => join(nameOf(app), "test/stack.test.ts"));
  const options = ["--test", "--test-isolation=none", "--test-reporter=tap", ...files];
  const { stdout } = await run(process.execPath, options, { cwd: folder });
  expect(stdout).toMatch(new RegExp(`# pass ${2 * TESTED.length}\n[^]*# fail 0\n`));
});

test(
  "an app passes all its own tests, of which one runs it by dev: the second sign-in displaces the first",
  async () => {
    const cwd = join(folder, nameOf({ signIn: "own", api: "http", frontEnd: "none" }));
    const environment = { ...process.env, PORT: String(await freePort()) };
    const { stdout } = await run("npm", ["test"], { cwd, env: environment });
    expect(stdout).toMatch(/pass 3\n[^]*fail 0\n/);
  },
  RUNNING_MS,
);

describe("what cannot be is refused, by name, value and what is accepted", () => {
  test("an unknown choice", async () => {
    expect(await refusalOf("x", "--api", "soap")).toContain(
      "option '--api <choice>' argument 'soap' is invalid. Allowed choices are http, rest.",
    );
  });

  test.for(["My App", "../up", "", "-x", "a".repeat(40)])("the name %j", async (name) => {
    expect(await refusalOf("--yes", "--", name)).toContain(
      `The name is ${JSON.stringify(name)}; accepted are`,
    );
  });

  test("a name that Cognito refuses in an address, only with Cognito", async () => {
    expect(await refusalOf("aws-app", "--yes")).toContain('accepted is a name without "aws"');
    expect(nameProblem("aws-app", "own")).toBeUndefined();
  });

  test("a folder with something in it, which stays as it is", async () => {
    await mkdir(join(folder, "full"));
    await writeFile(join(folder, "full/mine.txt"), "mine");
    expect(await refusalOf("full", "--yes")).toContain("is not empty. Nothing was written");
    expect(await readdir(join(folder, "full"))).toEqual(["mine.txt"]);
  });

  test("no terminal, and questions open", async () => {
    expect(await refusalOf("x", "--api", "rest")).toContain(
      "there is no terminal to ask on. Give --sign-in, --front-end, or --yes",
    );
  });
});

describe("the questions", () => {
  /** A terminal on which somebody types: the next keys whenever another question was shown. */
  function terminalTyping(...keys: readonly string[]): NonNullable<Terminal> & { shown(): string } {
    const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    let shown = "";
    let asked = 0;
    return {
      input: keyboard,
      // A question ends the stream that it was shown on.
      get output() {
        const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
        const key = keys[asked++];
        screen.once("data", () => setTimeout(() => keyboard.write(key), 20));
        screen.on("data", (chunk: Buffer) => (shown += chunk.toString()));
        return screen;
      },
      shown: () => shown,
    };
  }
  const DOWN = "\u001b[B";
  const ENTER = "\r";

  test("each is asked, and arrows choose", async () => {
    const terminal = terminalTyping(DOWN + DOWN + ENTER, DOWN + ENTER, ENTER);
    expect(await askRest({}, terminal)).toEqual({ signIn: "own", api: "rest", frontEnd: "none" });
    expect(terminal.shown()).toContain("Who signs people in?");
  });

  test("what was given is not asked", async () => {
    const terminal = terminalTyping(DOWN + ENTER);
    const given = { signIn: "oidc", api: "http" } as const;
    expect(await askRest(given, terminal)).toEqual({ ...given, frontEnd: "react" });
    expect(terminal.shown()).not.toContain("Who signs people in?");
  });

  test("the name has a default", async () => {
    expect(await askName(terminalTyping(ENTER))).toBe("my-app");
  });
});
