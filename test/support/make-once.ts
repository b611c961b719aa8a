import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const LONGEST_WAIT_MS = 120_000;

/**
 * Makes a folder once a test run: test files run in processes of their own; one makes it, the others wait.
 * @param done where it is to be.
 * @param make fills the folder it is given, which becomes `done`.
 */
export async function makeOnce(
  done: string,
  make: (folder: string) => Promise<unknown>,
  longestWaitMs = LONGEST_WAIT_MS,
): Promise<string> {
  const working = `${done}.working`;
  const deadline = Date.now() + longestWaitMs;
  while (!existsSync(done)) {
    if (await isFirst(working)) {
      // Between the two looks another process may have finished.
      if (existsSync(done)) {
        await rm(working, { recursive: true });
        break;
      }
      try {
        await make(working);
        await rename(working, done);
      } catch (error) {
        await rm(working, { recursive: true, force: true });
        throw error;
      }
    } else {
      if (Date.now() > deadline) throw new Error(`${working} was never finished`);
      await sleep(100);
    }
  }
  return done;
}

/** Making a folder succeeds for one process only. */
async function isFirst(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
