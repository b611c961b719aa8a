import { rm } from "node:fs/promises";
import { LocalStackError } from "../errors.ts";
import { synthesizeOwnApp, type OwnApp } from "../own-app.ts";
import type { LocalStack } from "../stack.ts";

/** Synthesizes an app again and again, and has the stack run what came of it. */
export interface Reloading {
  /** Of a synthesis that is under way, a new one takes the place. */
  changed(files: readonly string[]): void;
  /** When nothing is under way any more. */
  settled(): Promise<void>;
}

/**
 * @param options.say is told what came of each change, in a line or a message.
 * @param options.signal ends what is under way.
 */
export function createReloading(
  app: OwnApp,
  stack: Pick<LocalStack, "reload">,
  options: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Reloading {
  const { say, signal } = options;
  let underWay = new AbortController();
  let last: Promise<void> = Promise.resolve();
  let folder: string | undefined;

  async function reload(files: readonly string[], called: AbortSignal): Promise<void> {
    const began = performance.now();
    try {
      const next = await synthesizeOwnApp(app, AbortSignal.any([called, signal]));
      if (called.aborted || signal.aborted) {
        await remove(next);
        return;
      }
      await stack.reload(next).catch(async (error: unknown) => {
        await remove(next);
        throw error;
      });
      await remove(folder);
      folder = next;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`Reloaded in ${seconds} s: ${shortened(files)}`);
    } catch (error) {
      if (called.aborted || signal.aborted) return;
      const why = error instanceof LocalStackError ? error.message : String(error);
      say(`Not reloaded (${shortened(files)}); what ran before goes on.\n${why}`);
    }
  }

  return {
    changed(files) {
      underWay.abort();
      const own = (underWay = new AbortController());
      last = last.then(() => (own.signal.aborted ? undefined : reload(files, own.signal)));
    },
    async settled() {
      underWay.abort();
      await last;
      await remove(folder);
    },
  };
}

async function remove(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

const MOST_NAMED = 3;

function shortened(files: readonly string[]): string {
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : "";
  return files.slice(0, MOST_NAMED).join(", ") + more;
}
