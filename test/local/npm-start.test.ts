// Long: started first.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { synthesizeOnce } from "../support/local-stack.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";

const STARTING_MS = 90_000;
const runFile = promisify(execFile);

interface Start {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  readonly exited: Promise<number | null>;
}

const started: Start[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const { child, exited } of started.splice(0)) {
    child.kill("SIGTERM");
    await exited;
  }
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** What `npm start -- ...args` runs, without npm in between: signals go to it and to nobody else. */
function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Start {
  const child = spawn(process.execPath, ["local/main.ts", ...args], {
    cwd: PROJECT_FOLDER,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.err += chunk.toString()));
  child.once("close", () => recordOutput("terminal", `${output.out}\n${output.err}`));
  const exited = once(child, "close").then(([code]) => code as number | null);
  const run = { child, output, exited };
  started.push(run);
  return run;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function untilReady({ child, output }: Start, port: number): Promise<void> {
  const lastLine = `Ready on http://localhost:${port}\n`;
  await vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output.err}`);
      expect(output.out.endsWith(lastLine), output.out + output.err).toBe(true);
    },
    { timeout: STARTING_MS, interval: 100 },
  );
}

interface Described {
  readonly stackName: string;
  readonly dynamoDbEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
}
const describeStack = async (port: number): Promise<Described> =>
  (await (await fetch(`http://localhost:${port}/_local/stack`)).json()) as Described;

const logIn = (port: number, username: string): Promise<Response> =>
  fetch(`http://localhost:${port}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: "local-demo-only" }),
  });

/** Whether a process runs whose command line has this in it. */
async function runsWith(text: string): Promise<boolean> {
  const { stdout } = await runFile("ps", ["-eo", "args"]);
  return stdout.split("\n").some((line) => line.includes(text) && line.includes("java"));
}

test(
  "two run beside each other with the demo users, and a signal ends one with its database and leaves the other",
  { timeout: 3 * STARTING_MS },
  async () => {
    const ports = [await freePort(), await freePort()] as const;
    const assembly = await synthesizeOnce();
    const one = start(["--port", String(ports[0])]);
    const other = start(["--port", String(ports[1]), "--assembly", assembly]);
    await untilReady(one, ports[0]);
    await untilReady(other, ports[1]);
    for (const user of ["alice", "bob", "staff", "admin"]) {
      expect([user, (await logIn(ports[0], user)).status]).toEqual([user, 201]);
      expect(one.output.out).toContain(user);
    }
    expect(one.output.out).toMatch(/curl .*\n.*curl .*\n.*aws lambda invoke .*admin-logout/);
    expect(one.output.out).toContain("share the cookies of localhost");
    expect(one.output.out).toContain(`The console is at http://localhost:${ports[0]}/\n`);
    expect(await (await fetch(`http://localhost:${ports[0]}/`)).text()).toContain('<div id="root">');
    expect(one.output.err).toBe("");

    const described = await describeStack(ports[0]);
    expect(described.outputs).toMatchObject({ ApiUrl: `http://localhost:${ports[0]}` });
    one.child.kill("SIGINT");
    expect(await one.exited).toBe(0);
    await expect(fetch(described.dynamoDbEndpoint)).rejects.toThrow("fetch failed");
    expect((await logIn(ports[1], "alice")).status).toBe(201);
    other.child.kill("SIGTERM");
    expect(await other.exited).toBe(0);
  },
);

test(
  "with a data folder the users of an earlier run are left alone",
  { timeout: 3 * STARTING_MS },
  async () => {
    const data = await mkdtemp(join(tmpdir(), "npm-start-"));
    folders.push(data);
    const port = await freePort();
    const args = ["--port", String(port), "--data", data, "--assembly", await synthesizeOnce()];
    for (let run = 0; run < 2; run += 1) {
      const { child, exited } = await startedWith(args, port);
      expect((await logIn(port, "alice")).status).toBe(201);
      child.kill("SIGINT");
      expect(await exited).toBe(0);
    }
  },
);

async function startedWith(args: readonly string[], port: number): Promise<Start> {
  const run = start(args);
  await untilReady(run, port);
  return run;
}

test("Ctrl-C while it starts ends it with 0 and leaves no database", async () => {
  const data = await mkdtemp(join(tmpdir(), "npm-start-"));
  folders.push(data);
  const { child, output, exited } = start(["--port", String(await freePort()), "--data", data]);
  await vi.waitFor(async () => expect(await runsWith(data)).toBe(true), { timeout: 60_000, interval: 50 });
  child.kill("SIGINT");
  expect(await exited).toBe(0);
  expect(output).toMatchObject({ err: "" });
  expect(output.out).not.toContain("Ready");
  expect(await runsWith(data)).toBe(false);
});

test("a port in use is one line that names it and --port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const { output, exited } = start(["--port", String(port)]);
    expect(await exited).toBe(1);
    expect(output.err).toBe(`Port ${port} is in use. Choose another one with --port.\n`);
  } finally {
    server.close();
  }
});

test("a setting that cannot be right is the synth's own message and nothing else", async () => {
  const { output, exited } = start(["--port", String(await freePort()), "--set", "idleTimeout=soon"]);
  expect(await exited).toBe(1);
  expect(output.err).toMatch(/^SingleSession\/Sessions: idleTimeout .*soon.* Accepted: .*\n$/);
});

test("a missing Java is named with what to do", async () => {
  const empty = await mkdtemp(join(tmpdir(), "empty-path-"));
  folders.push(empty);
  const { output, exited } = start(["--port", String(await freePort()), "--app", "true"], { PATH: empty });
  expect(await exited).toBe(1);
  expect(output.err).toBe(
    "Java was not found. DynamoDB Local needs Java 17 or newer as `java` on the PATH.\n",
  );
});

test.each([
  [["--port", "http"], "A port is a whole number from 1 to 65535."],
  [["--port", "70000"], "A port is a whole number from 1 to 65535."],
  [["--set", "era"], "A setting is name=value, as in idleTimeout=30m."],
  [["--data", ""], "Name a folder."],
  [["--colour"], "unknown option '--colour'"],
])("the arguments %j are refused with what is accepted", async (args, message) => {
  const { output, exited } = start(args);
  expect(await exited).toBe(2);
  expect(output.err).toContain(message);
});

test("--help names every option", async () => {
  const { output, exited } = start(["--help"]);
  expect(await exited).toBe(0);
  for (const option of ["--app", "--assembly", "--port", "--data", "--set", "--events", "--verbose"])
    expect(output.out).toContain(option);
});
