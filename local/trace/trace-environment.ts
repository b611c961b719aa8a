import { mkdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { LOADED_FOLDER_VARIABLE, loadedFolder } from "./stand-by-messages.ts";
import { KEPT_BUNDLES_VARIABLE, TRACE_FOLDER_VARIABLE, traceFolder } from "./synth-trace.ts";

/** Beside this file, also where the package has them compiled. */
const besideThis = (name: string): string =>
  `--import=${new URL(`./${name}${extname(import.meta.filename)}`, import.meta.url).href}`;

/**
 * The variables with which a CDK app writes down what it does (see `SynthTrace` and `Loaded`), and esbuild is
 * spared where it has made the same before.
 * @param options.sources whether it is of use which sources the app is made of.
 */
export function traceEnvironment(
  assembly: string,
  { sources }: { readonly sources: boolean },
): NodeJS.ProcessEnv {
  const folder = traceFolder(assembly);
  mkdirSync(folder, { recursive: true });
  const options = [
    process.env["NODE_OPTIONS"] ?? "",
    // First: what stands by has its modules written down as well.
    ...(sources ? [besideThis("synth-record")] : []),
    besideThis("stand-by-process"),
  ];
  return {
    [LOADED_FOLDER_VARIABLE]: loadedFolder(assembly),
    ...(sources && {
      [TRACE_FOLDER_VARIABLE]: folder,
      [KEPT_BUNDLES_VARIABLE]: join(dirname(assembly), "bundles"),
    }),
    NODE_OPTIONS: options.join(" ").trim(),
  };
}
