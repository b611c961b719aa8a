/**
 * Somebody's own CDK app with a function that checks sessions itself: by the guard, with what `protect`
 * gives it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { buildSync } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";
import { BUILTIN_ALIASES, SDK_ALIASES } from "../../infra/bundle-aliases.ts";
import { SingleSession } from "../../infra/index.ts";
import { PACKAGE_FOLDER } from "../../infra/package-place.ts";

const code = mkdtempSync(join(tmpdir(), "guard-app-"));
buildSync({
  ...BUNDLE_OPTIONS,
  mainFields: [...BUNDLE_OPTIONS.mainFields],
  alias: { ...BUILTIN_ALIASES, ...SDK_ALIASES },
  stdin: {
    resolveDir: PACKAGE_FOLDER,
    contents: `
      import middy from "@middy/core";
      import { requireSession } from "./guard/middy.ts";
      export const handler = middy()
        .use(requireSession({ reauthWithin: "1h" }))
        .handler((_, { caller }) => caller);`,
  },
  outfile: join(code, "index.mjs"),
});

const app = new App({ autoSynth: false });
const stack = new Stack(app, "Guarded");
const sessions = new SingleSession(stack, "Sessions", { identity: [] });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
const orders = new LambdaFunction(stack, "orders", {
  runtime: Runtime.NODEJS_24_X,
  code: Code.fromAsset(code),
  handler: "index.handler",
});
sessions.protect(orders);
api.addRoutes({
  path: "/orders",
  methods: [HttpMethod.GET, HttpMethod.POST],
  integration: new HttpLambdaIntegration("Orders", orders),
});
new CfnOutput(stack, "SessionsTableName", { value: sessions.sessionsTable.tableName });
app.synth();
rmSync(code, { recursive: true });
