/**
 * Makes the guard's entry points of their sources: one file with all that they have in common, the SDK
 * among it, which each of them loads.
 *
 * The SDK is in the package for three reasons. Bundlers of CDK apps leave `@aws-sdk/*` to the runtime, which
 * changes without notice; a bundle of one's own would have the third of the SDK that a guard never runs; and
 * what is counted and tested here is then what runs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { BUNDLE_OPTIONS } from "./bundle.ts";
import { BUILTIN_ALIASES, program, SDK_ALIASES } from "./bundle-aliases.ts";
import { PACKAGE_FOLDER } from "./package-place.ts";

const DIST = join(PACKAGE_FOLDER, "dist");

/** The entry points: `guard/<name>.ts`. */
export const GUARD_ENTRIES = ["index", "middy", "hono", "express", "fastify", "fetch", "authorizer"] as const;
/** The entry point that brings code of its own; it shares the rest with the core. */
const ACCESS_TOKENS = "access-tokens";

const FORMATS = { esm: "js", cjs: "cjs" } as const;
type Format = keyof typeof FORMATS;

const OPTIONS = {
  ...BUNDLE_OPTIONS,
  mainFields: [...BUNDLE_OPTIONS.mainFields],
  target: "node22",
  minify: true,
  lineLimit: 2000,
  legalComments: "none",
  absWorkingDir: PACKAGE_FOLDER,
  logLevel: "warning",
} satisfies BuildOptions;

/** Files of the SDK that a guard never runs, or of which it needs next to nothing. Sizes are minified. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  // The rules that find an address: the guard is told it. 13 KB.
  [
    /client-dynamodb.dist-es.endpoint.endpointResolver\.js$/,
    "export const defaultEndpointResolver = ({ Endpoint }) => ({ url: new URL(Endpoint) });",
  ],
  // For the user agent, which is not sent. 2 KB.
  [/client-dynamodb.package\.json$/, 'export const version = "0"; export default { version };'],
];

const replaces: Plugin = {
  name: "replaces",
  setup: (bundling) => {
    for (const [filter, contents] of REPLACED)
      bundling.onLoad({ filter }, () => ({ contents, loader: "js" }));
  },
};

/** Leaves what the entry points have in common to the one file of it. */
const loadsCore = (format: Format): Plugin => ({
  name: "loads-core",
  setup: (bundling) => {
    const path = `./core.${FORMATS[format]}`;
    bundling.onResolve({ filter: /^\.\/core\.ts$/ }, () => ({ path, external: true }));
  },
});

/**
 * The core, and what takes access tokens. They have classes in common by which errors are told, so that those
 * must be there once. As ES modules they share a file; CommonJS cannot be split, and there the core has both.
 */
function coreOf(format: Format): Pick<BuildOptions, "entryPoints" | "splitting" | "chunkNames"> {
  const source = (name: string) => join(PACKAGE_FOLDER, "guard", `${name}.ts`);
  return format === "esm"
    ? { entryPoints: [source("core"), source(ACCESS_TOKENS)], splitting: true, chunkNames: "shared-[hash]" }
    : { entryPoints: { core: source("core-commonjs") } };
}

/** Bundles the guard for both module systems. */
export async function buildGuard(): Promise<void> {
  for (const format of ["esm", "cjs"] as const) {
    const outfile = (name: string) => join(DIST, "guard", `${name}.${FORMATS[format]}`);
    const { metafile } = await build({
      ...OPTIONS,
      format,
      ...coreOf(format),
      outdir: join(DIST, "guard"),
      outExtension: { ".js": `.${FORMATS[format]}` },
      alias: {
        ...BUILTIN_ALIASES,
        ...SDK_ALIASES,
        // DynamoDB's own endpoint discovery is off, and its cache is never asked. 8 KB.
        "@aws-sdk/endpoint-cache": program("module.exports = { EndpointCache: class {} };"),
      },
      plugins: [replaces],
      metafile: true,
    });
    if (format === "esm") writeFileSync(join(DIST, "guard", "LICENSES.txt"), licensesOf(metafile));
    for (const name of GUARD_ENTRIES) {
      await build({
        ...OPTIONS,
        format,
        entryPoints: [join(PACKAGE_FOLDER, "guard", `${name}.ts`)],
        outfile: outfile(name),
        packages: "external",
        plugins: [loadsCore(format)],
      });
    }
  }
  writeFileSync(
    join(DIST, "guard", `${ACCESS_TOKENS}.cjs`),
    'module.exports = { accessTokens: require("./core.cjs").accessTokens };\n',
  );
  for (const name of [...GUARD_ENTRIES, ACCESS_TOKENS]) {
    writeFileSync(join(DIST, "guard", `${name}.d.ts`), `export * from "../types/guard/${name}.js";\n`);
  }
}

/** The licenses of the packages that are in a bundle: they ask to go with their code. */
function licensesOf({ inputs }: Metafile): string {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(PACKAGE_FOLDER, folder, "package.json"), "utf8"),
    ) as { name: string; version: string; license: string };
    return { title: `${name} ${version} (${license})`, text: licenseText(join(PACKAGE_FOLDER, folder)) };
  });
  const byText = Map.groupBy(texts, ({ text }) => text);
  return [...byText]
    .map(([text, packages]) => `${packages.map(({ title }) => title).join("\n")}\n\n${text.trim()}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function licenseText(folder: string): string {
  try {
    return readFileSync(join(folder, "LICENSE"), "utf8");
  } catch (cause) {
    throw new Error(`${folder} has no file LICENSE to go with its code`, { cause });
  }
}
