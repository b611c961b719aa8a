import { join } from "node:path";
import ts from "typescript";
import { compilerOptions, createProgram, diagnosticsOf, lineIn } from "../support/type-errors.ts";

/**
 * What `cdk init app --language typescript` makes (aws-cdk 2.1148), with the constructs of this package in
 * its stack: a CommonJS project, tested by jest with ts-jest and run by ts-node.
 */
export const CDK_INIT_PROJECT: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "shop", version: "0.1.0", bin: { shop: "bin/shop.js" } }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      module: "NodeNext",
      moduleResolution: "NodeNext",
      lib: ["es2022"],
      declaration: true,
      strict: true,
      noImplicitReturns: true,
      inlineSourceMap: true,
      inlineSources: true,
      experimentalDecorators: true,
      strictPropertyInitialization: false,
      skipLibCheck: true,
      types: ["node", "jest"],
      typeRoots: ["../node_modules/@types"],
    },
    exclude: ["node_modules", "cdk.out"],
  }),
  "jest.config.js": `
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\\\.tsx?$': 'ts-jest' },
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
};
`,
  "lib/policy.ts": `
import type { SessionPolicyFunction } from 'serverless-single-session';
export const policy: SessionPolicyFunction = (user) => !user.isAdmin;
`,
  "lib/told.ts": `
import type { SessionEndedEvent } from 'serverless-single-session/events';
export const handler = ({ detail }: SessionEndedEvent): string => detail.by?.device ?? detail.reason;
`,
  "lib/shop-stack.ts": `
import * as cdk from 'aws-cdk-lib/core';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { SingleSession, SingleSessionConsole, type ISingleSession } from 'serverless-single-session';

export class ShopStack extends cdk.Stack {
  readonly sessions: ISingleSession;

  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const sessions = new SingleSession(this, 'Sessions', {
      idleTimeout: cdk.Duration.minutes(15),
      singleUserSession: \`\${__dirname}/policy.ts#policy\`,
    });
    const httpApi = new HttpApi(this, 'Api', { defaultAuthorizer: sessions.authorizer });
    sessions.addRoutes(httpApi);
    new SingleSessionConsole(this, 'Console', { sessions, httpApi });
    sessions.monitor();
    this.sessions = sessions;
  }
}
`,
  "bin/shop.ts": `#!/usr/bin/env node
import * as cdk from 'aws-cdk-lib/core';
import { ShopStack } from '../lib/shop-stack';

const app = new cdk.App();
new ShopStack(app, 'ShopStack', {});
`,
  "test/shop.test.ts": `
import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { SettingError, SingleSession } from 'serverless-single-session';
import * as Shop from '../lib/shop-stack';

test('Sessions Created', () => {
  const app = new cdk.App();
  const stack = new Shop.ShopStack(app, 'MyTestStack');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::DynamoDB::Table', 5);
  expect(() => new SingleSession(stack, 'Wrong', { era: '' })).toThrow(SettingError);
});
`,
};

/**
 * What the compiler says of such a project and of the package's declarations, by the options of its
 * `tsconfig.json` and those given. The CDK's declarations are read, and not checked: that takes as long as
 * all the rest.
 * @throws Error where the package's declarations are not among the files.
 */
export function typeErrorsIn(folder: string, others: Readonly<Record<string, string>> = {}): string[] {
  const configured = ts.getParsedCommandLineOfConfigFile(
    join(folder, "tsconfig.json"),
    compilerOptions({ skipLibCheck: false, noEmit: true, ...others }, folder),
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (configured === undefined || configured.errors.length > 0)
    throw new Error(`the project in ${folder} has no configuration, or one that is wrong`);
  const program = createProgram(configured.fileNames, configured.options);
  if (!program.getSourceFiles().some(({ fileName }) => fileName.endsWith("/dist/types/infra/index.d.ts")))
    throw new Error(`the package is not among the files of ${folder}`);
  const isChecked = (fileName: string): boolean =>
    fileName.startsWith(folder) || fileName.includes("/serverless-single-session/dist/");
  return diagnosticsOf(program, isChecked).map(lineIn(folder));
}
