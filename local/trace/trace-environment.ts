import { mkdirSync } from "node:fs";
import { extname } from "node:path";
import { TRACE_FOLDER_VARIABLE, traceFolder } from "./synth-trace.ts";

/** Beside this file, also where the package has it compiled. */
const RECORD = new URL(`./synth-record${extname(import.meta.filename)}`, import.meta.url);

/** The variables with which a CDK app writes down what it does; see `SynthTrace`. */
export function traceEnvironment(assembly: string): NodeJS.ProcessEnv {
  const folder = traceFolder(assembly);
  mkdirSync(folder, { recursive: true });
  const options = process.env["NODE_OPTIONS"] ?? "";
  return {
    [TRACE_FOLDER_VARIABLE]: folder,
    NODE_OPTIONS: `${options} --import=${RECORD.href}`.trim(),
  };
}
