import { relative } from "node:path";
import ts from "typescript";

export interface Checked {
  /** Places are named relative to it. */
  readonly folder: string;
  readonly fileNames: readonly string[];
  /** As a `tsconfig.json` has them, or what the compiler made of one. */
  readonly options: ts.CompilerOptions;
  /** Which files are checked; all others are only read. All are, as by `tsc`, unless given. */
  readonly isChecked?: (fileName: string) => boolean;
}

/** What the compiler says of files, an error a line. @throws Error where none of them is checked. */
export function typeErrors({ folder, fileNames, options, isChecked = () => true }: Checked): string[] {
  const program = ts.createProgram(fileNames, options, hostThatReadsOnce(options));
  const files = program.getSourceFiles().filter(({ fileName }) => isChecked(fileName));
  if (files.length === 0) throw new Error(`nothing is checked of ${fileNames.join()}`);
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
  return found.map(({ file, code, messageText }) => {
    const place = file === undefined ? "" : `${relative(folder, file.fileName)}: `;
    return `${place}error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** What was read of others' declarations, by how it was asked for. */
const read = new Map<string, ts.SourceFile | undefined>();

/** For several compilers one after the other, which read the same declarations. */
function hostThatReadsOnce(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (fileName, asked, ...rest) => {
    if (!fileName.endsWith(".d.ts")) return getSourceFile(fileName, asked, ...rest);
    const key = JSON.stringify([fileName, asked]);
    if (!read.has(key)) read.set(key, getSourceFile(fileName, asked, ...rest));
    return read.get(key);
  };
  return host;
}
