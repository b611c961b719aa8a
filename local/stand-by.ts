import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand } from "./own-command.ts";
import {
  build,
  environmentOf,
  newOutputFolder,
  planSynth,
  synthesizeOwnApp,
  type OwnApp,
} from "./own-app.ts";
import { loadedFolder, readLoaded, STAND_BY_VARIABLE } from "./trace/stand-by-messages.ts";

/** Synthesizes an app again and again. */
export interface Synthesizer {
  /**
   * As `synthesizeOwnApp`, by the process that stands by, where there is one and it has loaded nothing that
   * has changed since.
   */
  synthesize(signal: AbortSignal): Promise<string>;
  /**
   * Starts the app's command, which loads the CDK and waits before it loads any source of the app, for the
   * next `synthesize`. Nothing stands by where the app is no program of Node.js, nor on Windows.
   * @param assembly what the app made the last time, where it is written what it loaded.
   */
  standBy(assembly: string): Promise<void>;
  /** Ends what stands by. */
  stop(): Promise<void>;
}

/** @param onWaiting is told the process that stands by. */
export function createSynthesizer(app: OwnApp, onWaiting?: (pid: number) => void): Synthesizer {
  let waiting: Waiting | undefined;

  async function drop(): Promise<void> {
    const dropped = waiting;
    waiting = undefined;
    await dropped?.drop();
  }

  return {
    async synthesize(signal) {
      const own = waiting;
      waiting = undefined;
      if (own !== undefined) {
        const plan = await planSynth(app).catch(() => undefined);
        if (JSON.stringify(plan) === own.plan) {
          const folder = await own.go(signal);
          if (folder !== undefined) return folder;
        } else {
          await own.drop();
        }
      }
      return synthesizeOwnApp(app, signal);
    },
    async standBy(assembly) {
      if (waiting?.before === assembly) return;
      await drop();
      if (process.platform === "win32" || readLoaded(loadedFolder(assembly)).length === 0) return;
      waiting = await startWaiting(app, assembly, onWaiting);
    },
    stop: drop,
  };
}

interface Waiting {
  /** The synth that it is for, as JSON: with other settings, another one is needed. */
  readonly plan: string;
  readonly before: string;
  /** @returns `undefined` where it is of no use, and has ended. */
  go(signal: AbortSignal): Promise<string | undefined>;
  drop(): Promise<void>;
}

async function startWaiting(
  app: OwnApp,
  before: string,
  onWaiting?: (pid: number) => void,
): Promise<Waiting> {
  const plan = await planSynth(app);
  const outputFolder = await newOutputFolder(app.folder);
  // The path of a socket may have about 100 characters.
  const socketFolder = await mkdtemp(join(tmpdir(), "single-session-"));
  const socket = join(socketFolder, "s");
  let hasGone = false;
  const first = Promise.withResolvers<Socket | undefined>();
  const server = createServer((connection) => {
    connection.on("error", () => undefined);
    // Of a command that runs several programs, the others need not wait.
    if (hasGone) connection.write(GO);
    connection.once("data", (pid: Buffer) => {
      onWaiting?.(Number(pid.toString()));
      first.resolve(connection);
    });
  }).listen(socket);
  const command = startCommand(plan.command, app.folder, {
    ...environmentOf(plan, outputFolder),
    [STAND_BY_VARIABLE]: JSON.stringify({ before: loadedFolder(before), socket }),
  });
  const ended = command.ended(new AbortController().signal);
  void ended.catch(() => undefined).finally(() => first.resolve(undefined));

  const close = async (): Promise<void> => {
    server.close();
    await rm(socketFolder, { recursive: true, force: true });
  };
  const drop = async (): Promise<void> => {
    command.kill();
    await ended.catch(() => undefined);
    await close();
    await rm(outputFolder, { recursive: true, force: true });
  };
  return {
    plan: JSON.stringify(plan),
    before,
    drop,
    async go(signal) {
      try {
        signal.addEventListener("abort", () => command.kill(), { once: true });
        await build(plan, signal);
        const connection = await first.promise;
        hasGone = true;
        if (connection === undefined || !(await isFresh(connection))) {
          await drop();
          return undefined;
        }
        await command.ended(signal);
        await close();
        return outputFolder;
      } catch (error) {
        await drop();
        throw error;
      }
    },
  };
}

const GO = "go\n";

/** Tells it to go on. @returns whether it does. */
function isFresh(connection: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    connection.once("data", (answer: Buffer) => resolve(answer.toString() === "fresh\n"));
    connection.once("close", () => resolve(false));
    connection.write(GO);
  });
}
