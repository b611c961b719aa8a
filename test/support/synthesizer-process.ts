/**
 * Synthesizes the apps of a test run, one after the other, until the process that started it disconnects. So
 * the CDK is loaded, and the functions are bundled, once for all of them. Each request on the socket is an
 * app and the variables it runs with; 204 says that the cloud assembly is there.
 */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

export interface SynthesisRequest {
  /** Absolute path. */
  readonly app: string;
  readonly environment: Readonly<Record<string, string>> & { readonly CDK_OUTDIR: string };
}

let runs = 0;

/** Runs an app as if it were a program of its own. @returns whether it left a cloud assembly. */
async function synthesized({ app, environment }: SynthesisRequest): Promise<boolean> {
  Object.assign(process.env, environment);
  try {
    // Another query is another module: the app itself runs anew, what it imports does not.
    await import(`${pathToFileURL(app).href}?run=${runs++}`);
    // An app that was not told otherwise synthesizes itself when its process has nothing left to do.
    process.emit("beforeExit", 0);
    return process.exitCode === undefined && existsSync(join(environment.CDK_OUTDIR, "manifest.json"));
  } catch {
    return false;
  } finally {
    process.removeAllListeners("beforeExit");
    process.exitCode = undefined;
  }
}

let last: Promise<unknown> = Promise.resolve();
createServer((request, response) => {
  // The variables are the process's: the next app waits.
  last = last.then(async () => {
    const done = await synthesized((await json(request)) as SynthesisRequest);
    response.writeHead(done ? 204 : 422).end();
  });
}).listen(process.argv[2], () => process.send?.("listening"));
process.once("disconnect", () => process.exit());
