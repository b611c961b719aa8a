import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

export const CLIENT_FOLDER = join(import.meta.dirname, "../../client");

/** What a configuration of the compiler says, with the files that it takes in: `tsconfig.client.json`. */
export function configOf(path: string): ts.ParsedCommandLine {
  const file = join(CLIENT_FOLDER, "..", path);
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
}

/** The client's modules as they are in the package, by file name: `index.js`, `react/index.js`. */
export function builtClient(): ReadonlyMap<string, string> {
  // As modules, which a browser takes as they are.
  const options = { ...configOf("tsconfig.client.json").options, module: ts.ModuleKind.ESNext };
  const names = readdirSync(CLIENT_FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  return new Map(
    names.map((fileName) => {
      const source = readFileSync(join(CLIENT_FOLDER, fileName), "utf8");
      const { outputText } = ts.transpileModule(source, { fileName, compilerOptions: options });
      return [fileName.replace(/\.tsx?$/, ".js"), outputText];
    }),
  );
}
