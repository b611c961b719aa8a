import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { SeededUser } from "../support/seed.ts";
import type { ColdContender } from "./contenders.ts";

/** One first call, in milliseconds. */
export interface FirstCall {
  readonly importMs: number;
  readonly callMs: number;
}

const CHILD = fileURLToPath(new URL("./first-call.js", import.meta.url));
const LONGEST_MS = 60_000;

/**
 * Loads and calls a function in a process of its own, which has the function's environment and no other.
 * @throws Error where the call did not answer as it should: a failure is often fast.
 */
export async function measureFirstCall(
  contender: ColdContender,
  user: SeededUser,
  environment: Readonly<Record<string, string>>,
): Promise<FirstCall> {
  const { name, entry, handler, event, isRight } = contender;
  const child = spawn(process.execPath, [CHILD, entry, handler, JSON.stringify(event(user))], {
    env: { ...contender.environment, ...environment },
    // What it logs goes where a log that nobody reads goes; its errors are shown.
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    timeout: LONGEST_MS,
  });
  const exited = once(child, "exit") as Promise<[number | null]>;
  const [told, [code]] = await Promise.all([text(child.stdio[3] as Readable), exited]);
  if (code !== 0) throw new Error(`the first call of ${name} ended with ${String(code)}`);
  const { answer, ...times } = JSON.parse(told) as FirstCall & { readonly answer: unknown };
  if (!isRight(answer)) throw new Error(`the first call of ${name} answered ${JSON.stringify(answer)}`);
  return times;
}
