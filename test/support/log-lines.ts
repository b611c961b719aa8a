import type { TestStack } from "./local-stack.ts";

/** The lines since something began: a thread's output comes by itself, a moment after its answer. */
export type Lines = () => readonly string[];

/** What was counted, by metric: lines of the embedded metric format. */
export function countsIn(lines: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines.filter((text) => text.includes('"_aws"'))) {
    for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, unknown>))
      if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/**
 * The lines that a stack writes from something on that is done now; not the outbox's, which come at any time.
 */
export async function linesOf(of: TestStack, action: () => Promise<unknown>): Promise<Lines> {
  const written = linesIn(of, (functionName) => functionName !== "outbox");
  const before = written().length;
  await action();
  return () => written().slice(before);
}

export const linesIn = (of: TestStack, isOf: (functionName: string) => boolean): Lines => {
  return () => of.logLines.filter(({ functionName }) => isOf(functionName)).map(({ line }) => line);
};
