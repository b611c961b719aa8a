/**
 * Somebody's own CDK app with the construct in it: their HTTP API, and a route of theirs that the authorizer
 * protects.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SingleSession } from "../../infra/index.ts";

const code = mkdtempSync(join(tmpdir(), "own-app-"));
writeFileSync(
  join(code, "index.mjs"),
  "export const handler = async (event) => ({ whoAsks: event.requestContext.authorizer.lambda });",
);

const app = new App({ autoSynth: false });
const stack = new Stack(app, "Mine");
const sessions = new SingleSession(stack, "Sessions", { identity: [] });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
api.addRoutes({
  path: "/reports",
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration(
    "Reports",
    new LambdaFunction(stack, "reports", {
      runtime: Runtime.NODEJS_24_X,
      code: Code.fromAsset(code),
      handler: "index.handler",
    }),
  ),
  authorizer: sessions.authorizer,
});
new CfnOutput(stack, "SessionsTableName", { value: sessions.sessionsTable.tableName });
app.synth();
rmSync(code, { recursive: true });
