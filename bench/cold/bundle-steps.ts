import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { BUILTIN_ALIASES, SDK_ALIASES } from "../../infra/bundle-aliases.ts";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";
import type { ColdContender } from "./contenders.ts";

/** The function `validate`, bundled in one of the ways on from esbuild's defaults to what is deployed. */
interface BundleStep {
  readonly name: string;
  readonly options: BuildOptions;
  /** Environment variables beside the function's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

const PROJECT = join(import.meta.dirname, "../..");
const OURS = join(PROJECT, "functions/validate.ts");
const WITH_SDK = join(import.meta.dirname, "validate-with-sdk.ts");

const COMMON = {
  absWorkingDir: PROJECT,
  bundle: true,
  platform: "node",
  target: "node24",
  minify: true,
  legalComments: "none",
} as const satisfies BuildOptions;
/** CommonJS has no `import.meta`. */
const COMMON_JS = { format: "cjs", define: { "import.meta.url": '"file:///index.cjs"' } } as const;
const OUR_CLIENT = { ...COMMON, ...BUNDLE_OPTIONS, entryPoints: [OURS] };
const WITHOUT_IDLE = { ...OUR_CLIENT, alias: SDK_ALIASES };
const DEPLOYED = { ...OUR_CLIENT, alias: { ...SDK_ALIASES, ...BUILTIN_ALIASES } };

/** Each step is on top of those before it; the last ones are alternatives to what is deployed. */
const BUNDLE_STEPS: readonly BundleStep[] = [
  {
    name: "with the SDK's client, esbuild's defaults",
    options: { ...COMMON, ...COMMON_JS, entryPoints: [WITH_SDK] },
  },
  {
    name: "and ES modules, which can be tree-shaken",
    options: { ...COMMON, ...BUNDLE_OPTIONS, entryPoints: [WITH_SDK] },
  },
  { name: "and the functions' client: the SDK's by options", options: OUR_CLIENT },
  { name: "and without the parts of the SDK that are never run", options: WITHOUT_IDLE },
  { name: "and Node's modules without their lazy exports: as deployed", options: DEPLOYED },
  { name: "as deployed, but not minified", options: { ...DEPLOYED, minify: false } },
  {
    name: "as deployed, but with --enable-source-maps",
    options: { ...DEPLOYED, sourcemap: true, sourcesContent: false },
    environment: { NODE_OPTIONS: "--enable-source-maps" },
  },
  { name: "as CommonJS, Node's modules by require", options: { ...WITHOUT_IDLE, ...COMMON_JS } },
];

/** Bundles each step into a folder, and gives it as a contender with the calls of the deployed one. */
export async function stepContenders(deployed: ColdContender, folder: string): Promise<ColdContender[]> {
  return Promise.all(
    BUNDLE_STEPS.map(async ({ name, options, environment }, number) => {
      const entry = join(folder, `step-${number}`, options.format === "esm" ? "index.mjs" : "index.cjs");
      await build({ ...options, outfile: entry });
      return { ...deployed, name, entry, environment: { ...deployed.environment, ...environment } };
    }),
  );
}
