import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { LambdaIntegration, RestApi } from "aws-cdk-lib/aws-apigateway";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "RestApiSessions");

const sessions = new SingleSession(stack, "Sessions");
const api = new RestApi(stack, "Api");
sessions.addRestRoutes(api);

const reports = new LambdaFunction(stack, "Reports", {
  runtime: Runtime.NODEJS_24_X,
  handler: "reports.handler",
  code: Code.fromAsset(`${import.meta.dirname}/functions`),
});
api.root
  .addResource("reports")
  .addMethod("GET", new LambdaIntegration(reports), { authorizer: sessions.createRestAuthorizer("Live") });

new CfnOutput(stack, "ApiUrl", { value: api.url });
