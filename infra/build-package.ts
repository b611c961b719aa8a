/**
 * Makes of the compiled sources what the package exports, for both module systems.
 *
 * The constructs are CommonJS, as the CDK itself is, and the ES module hands them on: a program that loads
 * both has one copy of each class. The client has no state, and is compiled for each.
 */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { buildGuard } from "./build-guard.ts";
import { PACKAGE_FOLDER, requireFromHere } from "./package-place.ts";

const DIST = join(PACKAGE_FOLDER, "dist");
const TYPES = join(DIST, "types");

for (const entry of ["infra", "client", "client/react", "src/outbox"]) {
  buildSync({
    entryPoints: [join(PACKAGE_FOLDER, entry, "index.ts")],
    outfile: join(DIST, entry, "index.cjs"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    // The client runs on the platforms that tsconfig.client.json names.
    target: entry.startsWith("client") ? "es2021" : "node22",
    define: { "import.meta.filename": "__filename" },
    // esbuild keeps the directive of the source, but below its own "use strict", and React asks for it first.
    ...(entry === "client/react" && { banner: { js: '"use client";' } }),
    logLevel: "warning",
  });
  // One set of declarations, which nested here are those of CommonJS; an ES module may take its types from
  // there.
  const types = relative(join(DIST, entry), join(TYPES, entry, "index.js"));
  writeFileSync(join(DIST, entry, "index.d.ts"), `export * from "${types}";\n`);
}
await buildGuard();
// The commands: JavaScript, since Node.js takes no types off below node_modules. What runs a stack is loaded
// by `dev` alone, and has files of its own for the threads of functions and for the processes of a synth.
buildSync({
  entryPoints: {
    main: join(PACKAGE_FOLDER, "cli", "main.ts"),
    "function-worker": join(PACKAGE_FOLDER, "local", "lambda", "function-worker.ts"),
    "synth-record": join(PACKAGE_FOLDER, "local", "trace", "synth-record.ts"),
    "stand-by-process": join(PACKAGE_FOLDER, "local", "trace", "stand-by-process.ts"),
  },
  outdir: join(DIST, "cli"),
  bundle: true,
  splitting: true,
  packages: "external",
  alias: { "node:crypto": join(PACKAGE_FOLDER, "cli", "crypto.ts") },
  platform: "node",
  format: "esm",
  target: "node22",
  banner: { js: "#!/usr/bin/env node" },
  logLevel: "warning",
});
// The lab's page, where the runner of a stack looks for it: beside itself.
const PAGE = join(PACKAGE_FOLDER, "local", "lab", "page");
buildSync({
  entryPoints: ["lab", "device", "entry", "framed"].map((name) => join(PAGE, `${name}.ts`)),
  outdir: join(DIST, "cli", "page"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
for (const name of ["lab.html", "device.html", "entry.html", "lab.css"]) {
  copyFileSync(join(PAGE, name), join(DIST, "cli", "page", name));
}
// By name: `export *` would hand on Node's own `module.exports` as well.
const names = Object.keys(requireFromHere(join(DIST, "infra", "index.cjs")) as object);
writeFileSync(join(DIST, "infra", "index.js"), `export { ${names.join(", ")} } from "./index.cjs";\n`);
writeFileSync(join(TYPES, "package.json"), '{ "type": "commonjs" }\n');

// Declarations keep the extension of the sources, which compilers before TypeScript 5.7 look for in vain.
for (const file of readdirSync(TYPES, { recursive: true, encoding: "utf8" })) {
  if (!file.endsWith(".d.ts")) continue;
  const text = readFileSync(join(TYPES, file), "utf8");
  writeFileSync(join(TYPES, file), text.replace(/(from "|import\(")(\.[^"]*)\.ts"/g, '$1$2.js"'));
}
