import { relative } from "node:path";
import ts from "typescript";

/** Options as a `tsconfig.json` has them. @throws Error for one that is none. */
export function compilerOptions(options: object, folder: string): ts.CompilerOptions {
  const { options: read, errors } = ts.convertCompilerOptionsFromJson(options, folder);
  if (errors.length > 0) throw new Error(errors.map(lineIn(folder)).join("\n"));
  return read;
}

/** For several compilers one after the other: what others declare is read by the first one. */
export function createProgram(fileNames: readonly string[], options: ts.CompilerOptions): ts.Program {
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (fileName, asked, ...rest) => {
    if (!fileName.endsWith(".d.ts")) return getSourceFile(fileName, asked, ...rest);
    const key = JSON.stringify([fileName, asked]);
    if (!declarations.has(key)) declarations.set(key, getSourceFile(fileName, asked, ...rest));
    return declarations.get(key);
  };
  return ts.createProgram(fileNames, options, host);
}

/** By how they were asked for. */
const declarations = new Map<string, ts.SourceFile | undefined>();

/**
 * What the compiler says of a program.
 * @param isChecked which files are checked, the others being read only; all are, as by `tsc`, unless given.
 */
export function diagnosticsOf(
  program: ts.Program,
  isChecked: (fileName: string) => boolean = () => true,
): readonly ts.Diagnostic[] {
  const files = program.getSourceFiles().filter(({ fileName }) => isChecked(fileName));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
}

/** An error in short; its place is relative to the folder. */
export const lineIn =
  (folder: string) =>
  ({ file, code, messageText }: ts.Diagnostic): string => {
    const place = file === undefined ? "" : `${relative(folder, file.fileName)}: `;
    return `${place}error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  };
