import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Template } from "aws-cdk-lib/assertions";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { outsideProject } from "../support/packed-package.ts";

const run = promisify(execFile);

const program = (name: string): string => join(PROJECT_FOLDER, "node_modules", ".bin", name);

/** The examples, copied out of this repository to where the packed package is installed. */
export interface OutsideExamples {
  /** To be removed when done. */
  readonly folder: string;
  readonly names: readonly string[];
  /** What the compiler says of them all; nothing where they are right. */
  typeErrors(): Promise<string>;
  /** `npm run` of what an example's own `package.json` calls so; the program must be installed here. */
  runScript(example: string, script: string): Promise<void>;
  /** Synthesizes as `cdk synth` would, and gives the folder of the cloud assembly. */
  synthesize(example: string, context?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Copies `examples/`, without what somebody may have installed or built there. */
export async function copyExamples(): Promise<OutsideExamples> {
  const folder = await outsideProject();
  await cp(join(PROJECT_FOLDER, "examples"), folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|cdk\.out)$/.test(path),
  });
  const names = globSync("*/app.ts", { cwd: folder })
    .map((path) => path.split("/")[0] ?? "")
    .sort();
  return {
    folder,
    names,
    async typeErrors() {
      const files = globSync("*/{*,web/*}.{ts,tsx}", { cwd: folder });
      const options =
        "--noEmit --strict --noUncheckedIndexedAccess --module nodenext --target es2024 --lib es2024,dom,dom.iterable " +
        "--types node --jsx react-jsx --allowImportingTsExtensions --erasableSyntaxOnly --verbatimModuleSyntax --skipLibCheck";
      return run(program("tsc"), [...options.split(" "), ...files], { cwd: folder }).then(
        ({ stdout }) => stdout,
        (error: unknown) => (error as { readonly stdout: string }).stdout,
      );
    },
    async runScript(example, script) {
      const { scripts } = JSON.parse(await readFile(join(folder, example, "package.json"), "utf8")) as {
        readonly scripts: Readonly<Record<string, string>>;
      };
      const [name = "", ...args] = (scripts[script] ?? "").split(" ");
      await run(program(name), args, { cwd: join(folder, example) });
    },
    async synthesize(example, context = {}) {
      const assembly = join(folder, example, "cdk.out");
      const { app } = JSON.parse(await readFile(join(folder, example, "cdk.json"), "utf8")) as {
        readonly app: string;
      };
      await run("bash", ["-c", app], {
        cwd: join(folder, example),
        env: {
          ...process.env,
          CDK_VALIDATION: "false",
          CDK_OUTDIR: assembly,
          CDK_CONTEXT_JSON: JSON.stringify({ "aws:cdk:enable-path-metadata": true, ...context }),
        },
      });
      return assembly;
    },
  };
}

/** The one template of a cloud assembly. */
export async function templateOf(assembly: string): Promise<Template> {
  const [file] = globSync("*.template.json", { cwd: assembly });
  return Template.fromJSON(JSON.parse(await readFile(join(assembly, file ?? ""), "utf8")) as object);
}
