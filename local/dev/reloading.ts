import { realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { LocalStackError } from "../errors.ts";
import type { OwnApp } from "../own-app.ts";
import type { LocalStack } from "../stack.ts";
import { createSynthesizer } from "../stand-by.ts";
import { createQuickReload, type QuickReload } from "../trace/quick-reload.ts";

/** Keeps what runs up to date with an app's sources. */
export interface Reloading {
  /** Of a synthesis that is under way, a new one takes the place. */
  changed(files: readonly string[]): void;
  /** When nothing is under way any more. */
  settled(): Promise<void>;
}

/** What came of a change. */
export interface Reloaded {
  readonly files: readonly string[];
  /** The functions whose code alone was replaced; `undefined` where the app was synthesized. */
  readonly functions: readonly string[] | undefined;
}

/**
 * Replaces the code of the functions that a changed source is in. Where it is in none of them, or the app
 * itself reads it, the app is synthesized anew, and the stack runs what came of it.
 * @param options.say is told what came of each change, in a line or a message.
 * @param options.signal ends what is under way.
 */
export function createReloading(
  app: OwnApp,
  stack: LocalStack,
  options: {
    readonly say: (text: string) => void;
    readonly signal: AbortSignal;
    readonly onReloaded?: (reloaded: Reloaded) => void;
    /** Is told the process that stands by for the next synthesis. */
    readonly onWaiting?: (pid: number) => void;
  },
): Reloading {
  const { say, signal, onReloaded, onWaiting } = options;
  const synthesizer = createSynthesizer(app, onWaiting);
  const root = realpathSync(app.folder);
  let underWay = new AbortController();
  let last: Promise<void> = Promise.resolve();
  let running = stack;
  let folder: string | undefined;
  let quick: QuickReload | undefined = createQuickReload(stack.assembly);
  /** What changed and is not dealt with, by absolute path. */
  const open = new Set<string>();

  async function synthesizeAgain(called: AbortSignal): Promise<boolean> {
    const next = await synthesizer.synthesize(AbortSignal.any([called, signal]));
    if (called.aborted || signal.aborted) {
      await remove(next);
      return false;
    }
    running = await stack.reload(next).catch(async (error: unknown) => {
      await remove(next);
      throw error;
    });
    await remove(folder);
    folder = next;
    quick = createQuickReload(next);
    return true;
  }

  /** @returns the files that a synth is needed for. */
  async function reloadQuickly(files: readonly string[]): Promise<readonly string[]> {
    if (quick === undefined) return files;
    const began = performance.now();
    const { functions, left } = await quick.reload(files, running);
    const done = files.filter((file) => !left.includes(file));
    if (done.length > 0) tell(done, functions, began);
    return left;
  }

  function tell(files: readonly string[], functions: Reloaded["functions"], began: number): void {
    const names = files.map((file) => relative(root, file));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(
      `Reloaded ${functions === undefined ? "all" : shortened(functions)} in ${seconds} s: ${shortened(names)}`,
    );
    onReloaded?.({ files: names, functions });
  }

  async function reload(called: AbortSignal): Promise<void> {
    let left: readonly string[] = [...open];
    open.clear();
    try {
      left = await reloadQuickly(left);
      const began = performance.now();
      if (left.length === 0 || !(await synthesizeAgain(called))) return;
      tell(left, undefined, began);
      left = [];
    } catch (error) {
      if (called.aborted || signal.aborted) return;
      const why = error instanceof LocalStackError ? error.message : String(error);
      const names = left.map((file) => relative(root, file));
      say(`Not reloaded (${shortened(names)}); what ran before goes on.\n${why}`);
    } finally {
      // Tried again with the next change.
      for (const file of left) open.add(file);
      if (!signal.aborted) await synthesizer.standBy(running.assembly).catch(() => undefined);
    }
  }

  last = synthesizer.standBy(stack.assembly).catch(() => undefined);
  return {
    changed(files) {
      underWay.abort();
      const own = (underWay = new AbortController());
      for (const file of files) open.add(join(root, file));
      last = last.then(() => (own.signal.aborted ? undefined : reload(own.signal)));
    },
    async settled() {
      underWay.abort();
      await last;
      await synthesizer.stop();
      await remove(folder);
    },
  };
}

async function remove(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

const MOST_NAMED = 3;

function shortened(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return names.slice(0, MOST_NAMED).join(", ") + more;
}
