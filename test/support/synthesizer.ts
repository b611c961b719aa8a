import { fork } from "node:child_process";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import {
  FOR_LOCAL_RUNS,
  PROJECT_FOLDER,
  setupSynthesis,
  synthesize,
  type SynthesizeOptions,
} from "../../local/synthesize.ts";
import type { SynthesisRequest } from "./synthesizer-process.ts";

const SCRIPT = join(import.meta.dirname, "synthesizer-process.ts");
const socketIn = (folder: string): string => join(folder, "synthesizer.sock");

/**
 * Starts the process that synthesizes for all test files of a run (`synthesizer-process.ts`). It ends with
 * the returned function, and with the process that started it.
 * @param folder where its socket is.
 */
export async function startSynthesizer(folder: string): Promise<() => Promise<void>> {
  const child = fork(SCRIPT, [socketIn(folder)], {
    cwd: PROJECT_FOLDER,
    env: { ...FOR_LOCAL_RUNS, ...process.env },
    execArgv: [],
    stdio: "ignore",
  });
  await once(child, "message");
  return async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
}

/**
 * As `synthesize()` in the process that `startSynthesizer(folder)` started; an app that fails there runs
 * again in a process of its own, whose error it is.
 */
export async function synthesizeIn(
  folder: string,
  options: SynthesizeOptions & { readonly outputFolder: string },
): Promise<void> {
  const { app, environment } = await setupSynthesis(options, options.outputFolder);
  const status = await post(socketIn(folder), { app, environment }).catch(() => undefined);
  if (status !== 204) await synthesize(options);
}

async function post(socketPath: string, body: SynthesisRequest): Promise<number | undefined> {
  const sent = request({ socketPath, method: "POST" }).end(JSON.stringify(body));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
