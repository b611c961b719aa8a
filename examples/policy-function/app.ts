import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "PolicyFunction");

const sessions = new SingleSession(stack, "Sessions", { singleUserSession: "./policy.ts#policy" });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);

new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint });
