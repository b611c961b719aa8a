import { CheckFailure, CheckSkipped } from "./smoke-failures.ts";
import type { World } from "./smoke-world.ts";

/** What a check found. `seen` is for people, and never has a token, cookie or password in it. */
export type Finding =
  | { readonly outcome: "passed"; readonly seen: string }
  | { readonly outcome: "failed"; readonly seen: string }
  /** The check does not apply to this stack, or the run was stopped before it. */
  | { readonly outcome: "skipped"; readonly seen: string };

/**
 * One thing to be shown of a deployed stack. It makes what it needs by the world, which removes it at the
 * end.
 */
export interface Check {
  readonly name: string;
  /**
   * Answers with what was seen, throws {@link CheckFailure} or {@link CheckSkipped}; any other error is a
   * failure too.
   */
  run(world: World): Promise<string>;
}

/** Runs one check; never throws. */
export async function find(check: Check, world: World): Promise<Finding> {
  try {
    return { outcome: "passed", seen: await check.run(world) };
  } catch (error) {
    if (world.signal.aborted) return { outcome: "skipped", seen: "stopped" };
    if (error instanceof CheckSkipped) return { outcome: "skipped", seen: error.message };
    return { outcome: "failed", seen: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error instanceof CheckFailure ? "" : `${error.name}: `}${error.message}${cause}`;
}
