import { App, Duration, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { SingleSession } from "serverless-single-session";

const stack = new Stack(new App(), "MyStack");
const userPool = new UserPool(stack, "Users");
const userPoolClient = userPool.addClient("Web");
const sessions = new SingleSession(stack, "Sessions", {
  identity: [{ cognito: { userPool, userPoolClient, adminGroups: ["admins"] } }],
  idleTimeout: Duration.minutes(15),
});
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api); // POST /login, POST /logout, GET /session, …
const reports = new NodejsFunction(stack, "Reports", {
  entry: "functions/reports.ts",
  runtime: Runtime.NODEJS_24_X,
});
api.addRoutes({
  path: "/reports",
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration("ReportsIntegration", reports),
  authorizer: sessions.authorizer, // only live sessions get through
});
