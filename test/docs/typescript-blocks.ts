import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import ts from "typescript";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { diagnosticsOf } from "../support/type-errors.ts";
import type { Page } from "./pages.ts";

/**
 * In the project, so that the blocks find its packages; under `node_modules`, so that nothing else looks at
 * it.
 */
const FOLDER = join(PROJECT_FOLDER, "node_modules/.cache/docs-blocks");
const LANGUAGES = new Set(["ts", "tsx", "js", "jsx"]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2024.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  paths: {
    "serverless-single-session": [join(PROJECT_FOLDER, "infra/index.ts")],
    "serverless-single-session/events": [join(PROJECT_FOLDER, "src/outbox/index.ts")],
    "serverless-single-session/client": [join(PROJECT_FOLDER, "client/index.ts")],
    "serverless-single-session/client/react": [join(PROJECT_FOLDER, "client/react/index.ts")],
    "serverless-single-session/guard": [join(PROJECT_FOLDER, "guard/index.ts")],
    "serverless-single-session/guard/*": [join(PROJECT_FOLDER, "guard/*.ts")],
  },
};

/**
 * What surrounds a block that is a part of a program: `ts in="stack"`. Each declares what the page speaks of;
 * the imports of the block go to the top.
 */
const SURROUNDINGS: Readonly<Record<string, (imports: string, body: string) => string>> = {
  /** The constructor of a stack, with an HTTP API, the construct and a Cognito user pool in it. */
  stack: (imports, body) => `
import * as $cdk from "aws-cdk-lib";
import type { RestApi as $RestApi } from "aws-cdk-lib/aws-apigateway";
import type { HttpApi as $HttpApi, HttpRouteIntegration } from "aws-cdk-lib/aws-apigatewayv2";
import type * as $cognito from "aws-cdk-lib/aws-cognito";
import type { Function as $Function } from "aws-cdk-lib/aws-lambda";
import type { SingleSession as $SingleSession } from "serverless-single-session";
${imports}
declare const app: $cdk.App;
declare const api: $HttpApi, httpApi: $HttpApi, secondApi: $HttpApi, restApi: $RestApi;
declare const integration: HttpRouteIntegration, backend: $Function;
declare const sessions: $SingleSession;
declare const userPool: $cognito.UserPool, userPoolClient: $cognito.UserPoolClient;
declare const userPoolDomain: $cognito.UserPoolDomain;
export class MyStack extends $cdk.Stack {
  constructor(scope: $cdk.App, id: string) {
    super(scope, id);
    {
${body}
    }
  }
}`,
};

/** What the compiler says of the blocks of all pages, each with its place in the page. */
export async function compileBlocks(pages: readonly Page[]): Promise<string[]> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const places = new Map<string, string>();
  for (const page of pages) {
    for (const { language, attributes, text, line } of page.blocks) {
      if (!LANGUAGES.has(language) || attributes["no-run"] !== undefined) continue;
      const name = `${page.path.replaceAll(/\W/g, "-")}-${line}.${language}`;
      places.set(join(FOLDER, name), `${page.path}:${line}`);
      await writeFile(join(FOLDER, name), inSurroundings(text, attributes["in"]));
    }
  }
  const program = ts.createProgram({ rootNames: [...places.keys()], options: OPTIONS });
  // The project's own sources, which blocks import, are `npm run check`'s to check.
  const found = diagnosticsOf(program, (fileName) => places.has(fileName));
  const problems = found.map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    if (file === undefined || start === undefined) return text;
    const place = places.get(file.fileName) ?? relative(PROJECT_FOLDER, file.fileName);
    const line = file.text.slice(0, start).split("\n").length;
    return `${place} (line ${line} of the block: ${file.text.split("\n")[line - 1]?.trim() ?? ""}): ${text}`;
  });
  await rm(FOLDER, { recursive: true, force: true });
  return problems;
}

function inSurroundings(text: string, surroundings: string | undefined): string {
  if (surroundings === undefined) return text;
  const surround = SURROUNDINGS[surroundings];
  if (surround === undefined) throw new Error(`no surroundings are called ${surroundings}`);
  const imports = text.match(/^import[\s\S]*?;$/gm) ?? [];
  return surround(imports.join("\n"), text.replaceAll(/^import[\s\S]*?;$/gm, ""));
}
