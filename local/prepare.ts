import { mkdir, rm } from "node:fs/promises";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { LocalStackError } from "./errors.ts";
import { synthesizeOwnApp, type OwnApp } from "./own-app.ts";
import { synthesize, type SynthesizeOptions } from "./synthesize.ts";

/** What a stack is made of, and where its tables are. */
export interface PrepareOptions extends Pick<SynthesizeOptions, "app" | "context"> {
  /** A cloud assembly to run as it is, instead of synthesizing one. */
  readonly synthesizedFolder?: string;
  /** Somebody's CDK app, instead of one of this project. */
  readonly ownApp?: OwnApp;
  /** Where the tables are kept between runs; in memory unless given. */
  readonly dataFolder?: string;
  /** A DynamoDB Local that runs already, or a proxy before one, instead of starting one. */
  readonly databaseEndpoint?: string;
  /** Ends the start; what was started by then is stopped again. */
  readonly signal?: AbortSignal;
}

/** What stops what was started, in the order in which it was started. */
export type Undo = (() => Promise<unknown>)[];

/** Synthesizes and starts the database at the same time; the first failure ends the other. */
export async function prepare(
  options: PrepareOptions,
  undo: Undo,
): Promise<{ readonly folder: string; readonly databaseEndpoint: string }> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])]);
  const failed = (error: unknown): never => {
    failing.abort(error);
    throw error;
  };
  const results = await Promise.allSettled([
    provideAssembly(options, signal, undo).catch(failed),
    provideDatabase(options, signal, undo).catch(failed),
  ]);
  options.signal?.throwIfAborted();
  failing.signal.throwIfAborted();
  const [folder, databaseEndpoint] = results.map((result) =>
    result.status === "fulfilled" ? result.value : "",
  );
  return { folder: folder ?? "", databaseEndpoint: databaseEndpoint ?? "" };
}

async function provideAssembly(options: PrepareOptions, signal: AbortSignal, undo: Undo): Promise<string> {
  if (options.synthesizedFolder !== undefined) return options.synthesizedFolder;
  const { app, context, ownApp } = options;
  const folder = ownApp
    ? await synthesizeOwnApp(ownApp, signal)
    : await synthesize({ ...(app && { app }), ...(context && { context }), signal });
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function provideDatabase(
  { databaseEndpoint, dataFolder }: PrepareOptions,
  signal: AbortSignal,
  undo: Undo,
): Promise<string> {
  if (databaseEndpoint !== undefined) return databaseEndpoint;
  if (dataFolder !== undefined) await makeFolder(dataFolder);
  const database = await startDynamoDbLocal({ ...(dataFolder !== undefined && { dataFolder }), signal });
  undo.push(() => database.stop());
  return database.endpoint;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new LocalStackError(`The data folder ${folder} cannot be made: ${(error as Error).message}`);
  }
}
