import type { LogLine } from "./lambda/function-instance.ts";

/** Where the functions' log lines go: nowhere, errors or all to standard error, or to a function. */
export type LogOption = "silent" | "errors" | "stderr" | ((line: LogLine) => void);

/** The sink that an option means. */
export function logSink(option: LogOption): (line: LogLine) => void {
  if (typeof option === "function") return option;
  if (option === "silent") return () => undefined;
  return (line) => {
    if (option === "stderr" || isError(line)) {
      process.stderr.write(`[${line.functionName}] ${line.line}\n`);
    }
  };
}

const ERROR_LEVELS = ["ERROR", "CRITICAL"];

/**
 * Structured lines say their level; what is not structured and went to standard error is taken for an error.
 */
function isError({ stream, line }: LogLine): boolean {
  const entry = entryIn(line);
  return entry === undefined ? stream === "stderr" : ERROR_LEVELS.includes(String(entry?.["level"]));
}

/** What a structured line holds; `undefined` where it is not JSON. */
export function entryIn(line: string): Readonly<Record<string, unknown>> | null | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>> | null;
  } catch {
    return undefined;
  }
}
