import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { buildSync, type BuildOptions } from "esbuild";

const PACKAGE_FOLDER = dirname(import.meta.dirname);
const FUNCTIONS_FOLDER = join(PACKAGE_FOLDER, "functions");
/** `.ts` in this repository, `.js` where it was compiled for a package. */
const EXTENSION = extname(import.meta.filename);

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
  readonly id: string;
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
      command: [request.id, request.policyFile ?? ""],
      local: {
        tryBundle(outputFolder): boolean {
          writeBundle(request, outputFolder);
          return true;
        },
      },
    },
  });
}

function writeBundle({ id, policyFile }: BundleRequest, outputFolder: string): void {
  const entry = join(FUNCTIONS_FOLDER, id + EXTENSION);
  if (!existsSync(entry)) throw new Error(`The function ${id} has no file ${entry}`);
  const { outputFiles } = buildSync({
    ...BUNDLE_OPTIONS,
    target: "node24",
    entryPoints: [entry],
    // Not where it is written: sources are named relative to it, and the asset's hash must not depend on the
    // folder.
    outfile: join(PACKAGE_FOLDER, "index.mjs"),
    absWorkingDir: PACKAGE_FOLDER,
    sourcemap: true,
    // Stack traces need the mapping only, and Node reads the map at every cold start.
    sourcesContent: false,
    ...(policyFile === undefined ? {} : { ...REQUIRE_BANNER, alias: { [POLICY_IMPORT]: policyFile } }),
    write: false,
  });
  for (const { path, contents } of outputFiles) writeFileSync(join(outputFolder, basename(path)), contents);
}
