import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { buildSync, type BuildFailure } from "esbuild";
import { BUNDLE_OPTIONS, REQUIRE_BANNER } from "../bundle.ts";

/** The module and export that `singleUserSession: "./file.ts#export"` names. */
export interface PolicyModule {
  /** Absolute path. */
  readonly file: string;
  readonly exportName: string;
}

export type PolicyProof =
  | { readonly outcome: "function" }
  /** `problem` says what is wrong, as the end of a sentence. */
  | { readonly outcome: "refused"; readonly problem: string };

const IMPORT_TIMEOUT_MS = 30_000;
const REPORT_FD = 3;

/**
 * Imports a policy module once, to prove that its export is a function. The module is bundled with the
 * options that its deployed bundle gets and imported by a child process. So the proof is about what is
 * deployed, any TypeScript that esbuild takes will do on whatever Node runs the CDK app, a top-level await is
 * fine although a construct is made synchronously, and nothing the module does at its import stays behind in
 * the synth.
 */
export function provePolicyFunction({ file, exportName }: PolicyModule): PolicyProof {
  let program: string;
  try {
    program = bundleProbe(file, exportName);
  } catch (error) {
    return refused(`it does not build: ${reasonOf(error as BuildFailure)}`);
  }
  const child = spawnSync(process.execPath, ["--input-type=module", "-"], {
    cwd: dirname(file),
    input: program,
    encoding: "utf8",
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    timeout: IMPORT_TIMEOUT_MS,
  });
  const report = child.output[REPORT_FD];
  if (!report) return refused(`importing it failed: ${lastWords(child.stderr, child.error)}`);

  const { type, exports } = JSON.parse(report) as { type: string; exports: string[] };
  if (type === "function") return { outcome: "function" };
  if (type === "undefined") {
    return refused(`the file exports no ${exportName} (it exports ${exports.join(", ") || "nothing"})`);
  }
  return refused(`its export ${exportName} is not a function but of type ${type}`);
}

/**
 * A program that imports the module and reports on a descriptor of its own, which what the module prints
 * cannot garble.
 */
function bundleProbe(file: string, exportName: string): string {
  const report = `{ type: typeof policy[${JSON.stringify(exportName)}], exports: Object.keys(policy) }`;
  const result = buildSync({
    ...BUNDLE_OPTIONS,
    ...REQUIRE_BANNER,
    target: `node${process.versions.node}`,
    stdin: {
      contents: `
        import { writeSync } from "node:fs";
        import * as policy from ${JSON.stringify(file)};
        writeSync(${REPORT_FD}, JSON.stringify(${report}));
        process.exit(0);`,
      resolveDir: dirname(file),
    },
    write: false,
  });
  return result.outputFiles[0]?.text ?? "";
}

const refused = (problem: string): PolicyProof => ({ outcome: "refused", problem });

function reasonOf({ errors: [first] = [], message }: Partial<BuildFailure>): string {
  if (!first) return message ?? "esbuild failed";
  const place = first.location ? ` (line ${first.location.line})` : "";
  return first.text + place;
}

/** The line of Node's report that names the error. */
function lastWords(stderr: string, error: Error | undefined): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  return (
    lines.find((line) => /^\w*(Error|Exception)\b.*:/.test(line)) ?? error?.message ?? "it ended the process"
  );
}
