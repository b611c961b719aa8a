import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** `npx serverless-single-session dev` in somebody's project. */
export interface DevProcess {
  /** `http://localhost:4321` */
  readonly url: string;
  /** All that it wrote so far. */
  readonly said: () => string;
  /** Ctrl-C. @returns the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `dev`, and waits until it says `Ready`.
 * @param command the words before its options: `["npx", "serverless-single-session", "dev"]`.
 * @param folder the app's.
 * @throws Error with what it wrote, where it ends before.
 */
export async function startDev(
  [program = "", ...args]: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DevProcess> {
  const port = await freePort();
  const child = spawn(program, [...args, "--port", String(port)], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C in a terminal reaches all that was started.
    detached: true,
  });
  let said = "";
  const exited = once(child, "close").then(([code]) => code as number | null);
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (/^Ready on /m.test(said)) resolve();
      });
    }
    child.once("error", reject);
    void exited.then((code) => reject(new Error(`dev ended with ${code ?? "a signal"}:\n${said}`)));
  });
  return {
    url: `http://localhost:${port}`,
    said: () => said,
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      return exited;
    },
  };
}

/** A port that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a session as a backend does that has authenticated somebody. @returns its token. */
export async function logInByBackend(url: string, id: string): Promise<string> {
  const login = `${url}/2015-03-31/functions/login/invocations`;
  const response = await fetch(login, { method: "POST", body: JSON.stringify({ user: { id } }) });
  return ((await response.json()) as { readonly token: string }).token;
}
