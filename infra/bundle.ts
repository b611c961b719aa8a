import { existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { buildSync, type BuildOptions } from "esbuild";
import { BUILTIN_ALIASES, SDK_ALIASES } from "./bundle-aliases.ts";
import {
  ACTIVITY,
  FUNCTION_IDS,
  JOBS,
  RUN_JOB,
  OPTIONAL_FUNCTION_IDS,
  type FunctionId,
  type OptionalFunctionId,
} from "./function-ids.ts";
import { IS_REPOSITORY, PACKAGE_FOLDER } from "./package-place.ts";

const FUNCTIONS_FOLDER = join(PACKAGE_FOLDER, "functions");
/** The entries of functions that take a provider's access tokens as well. */
const BOUND_FOLDER = join(FUNCTIONS_FOLDER, "bound");
/** The optional functions among them. */
const BOUND_OPTIONAL: readonly FunctionId[] = [ACTIVITY, JOBS];
/**
 * These bring a client of Lambda, which uses all of AWS's SDK, and are bundled each by itself. Nobody waits
 * for the cold start of one, and hardly anybody for the other's.
 */
const WITH_LAMBDA_CLIENT: readonly FunctionId[] = [RUN_JOB, JOBS];
const EXTENSION = IS_REPOSITORY ? ".ts" : ".js";

/** The import that stands for the policy function's module (`imports` in package.json). */
const POLICY_IMPORT = "#session-policy";

/**
 * How everything that runs on Lambda is bundled. The SDK is in the bundle: the runtime's own changes without
 * notice.
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: "node",
  format: "esm",
  // The SDK's packages name their CommonJS build first, which can neither be tree-shaken nor live in an ES
  // module as it is.
  mainFields: ["module", "main"],
  logLevel: "silent",
} as const satisfies BuildOptions;

/**
 * For bundles with a policy function in them: CommonJS packages, of which it may bring any, still call
 * `require` for Node's own modules. Nothing of ours does.
 */
export const REQUIRE_BANNER = {
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
} as const satisfies BuildOptions;

/** What goes into one function's bundle. */
export interface BundleRequest {
  /** The function's id: its file is `functions/<id>.ts`. */
  readonly id: FunctionId;
  /** Whether callers may send a provider's access tokens: its file is then `functions/bound/<id>.ts`. */
  readonly bound?: boolean;
  /** Absolute path of the policy function's module, for the function that asks it. */
  readonly policyFile?: string;
}

/**
 * The code of a Lambda function, bundled by esbuild in this process when the stack is synthesized.
 * `NodejsFunction` would start `npx` for each function and look for a lock file around the user's folder,
 * which fails where this package lies elsewhere.
 * @throws esbuild's BuildFailure at construction, when the code does not build.
 */
export function bundledCode(request: BundleRequest): Code {
  return Code.fromAsset(FUNCTIONS_FOLDER, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("esbuild-bundles-locally"),
      // Never run. CDK caches bundles by their options, and this is what tells one function's from another's.
      command: [request.id, request.policyFile ?? "", request.bound === true ? "bound" : ""],
      local: {
        tryBundle(outputFolder): boolean {
          writeBundle(request, outputFolder);
          return true;
        },
      },
    },
  });
}

function writeBundle(request: BundleRequest, outputFolder: string): void {
  for (const { name, contents } of bundleFunction(request)) writeFileSync(join(outputFolder, name), contents);
}

/** A file of a bundle as it is deployed. */
export interface BundledFile {
  readonly name: string;
  readonly contents: Uint8Array;
}

/** The files of one function: `index.mjs`, which exports `handler`, and its source map. */
export function bundleFunction({ id, policyFile, bound = false }: BundleRequest): readonly BundledFile[] {
  const folder = bound && (!isOptional(id) || BOUND_OPTIONAL.includes(id)) ? BOUND_FOLDER : FUNCTIONS_FOLDER;
  if (policyFile !== undefined) {
    // What a policy function uses of the SDK, and of Node's modules, is its own business.
    return build([id], folder, { alias: { [POLICY_IMPORT]: policyFile }, ...REQUIRE_BANNER })(id);
  }
  if (WITH_LAMBDA_CLIENT.includes(id)) {
    return once(join(folder, id), () => build([id], folder, REQUIRE_BANNER))(id);
  }
  // All at once on the first call: what they share, which is nearly all of them, is read once.
  const optional = folder === BOUND_FOLDER ? BOUND_OPTIONAL : OPTIONAL_FUNCTION_IDS;
  const ids = [...FUNCTION_IDS, ...optional].filter((one) => !WITH_LAMBDA_CLIENT.includes(one));
  return once(folder, () => build(ids, folder, { alias: { ...BUILTIN_ALIASES, ...SDK_ALIASES } }))(id);
}

const isOptional = (id: FunctionId): id is OptionalFunctionId =>
  (OPTIONAL_FUNCTION_IDS as readonly FunctionId[]).includes(id);

type Bundles = (id: FunctionId) => readonly BundledFile[];

/** The bundles that no policy function changes, made once a process. */
const withoutPolicy = new Map<string, Bundles>();

function once(what: string, make: () => Bundles): Bundles {
  const made = withoutPolicy.get(what) ?? make();
  withoutPolicy.set(what, made);
  return made;
}

function build(ids: readonly FunctionId[], folder: string, options: BuildOptions): Bundles {
  const { outputFiles } = buildSync({
    ...BUNDLE_OPTIONS,
    target: "node24",
    minify: true,
    // A person who opens a bundle, or an error that quotes a line of it, does not get all of it at once.
    lineLimit: 2000,
    legalComments: "none",
    entryPoints: ids.map((id) => ({ in: entryOf(folder, id), out: id })),
    outExtension: { ".js": ".mjs" },
    // Not where they are written: sources are named relative to it, and an asset's hash must not depend on
    // the folder.
    outdir: PACKAGE_FOLDER,
    absWorkingDir: PACKAGE_FOLDER,
    // Read when a fault is logged, and not before (`src/runtime/readable-stack.ts`).
    sourcemap: "external",
    sourcesContent: false,
    ...options,
    write: false,
  });
  return (id) => {
    const files = outputFiles.flatMap(({ path, contents }) => {
      const [name, ...extension] = basename(path).split(".");
      return name === id ? [{ name: ["index", ...extension].join("."), contents }] : [];
    });
    if (files.length === 0) throw new Error(`No bundle was made of the function ${id}.`);
    return files;
  };
}

function entryOf(folder: string, id: FunctionId): string {
  const entry = join(folder, id + EXTENSION);
  if (!existsSync(entry)) throw new Error(`The function ${id} has no file ${entry}`);
  return entry;
}
