import { App, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "CognitoDropIn");

const userPool = new UserPool(stack, "Users", {
  selfSignUpEnabled: true,
  signInAliases: { email: true },
  removalPolicy: RemovalPolicy.DESTROY, // an example; keep the users of a real application
});
const userPoolClient = userPool.addClient("Web", { authFlows: { userSrp: true } });

const identity = [{ cognito: { userPool, userPoolClient, accessTokens: true } }];
// The one line. Before: new HttpUserPoolAuthorizer("Jwt", userPool, { userPoolClients: [userPoolClient] });
const authorizer = new SingleSession(stack, "Sessions", { identity }).authorizer;

const reports = new LambdaFunction(stack, "Reports", {
  runtime: Runtime.NODEJS_24_X,
  handler: "reports.handler",
  code: Code.fromAsset(`${import.meta.dirname}/functions`),
});
const api = new HttpApi(stack, "Api");
api.addRoutes({
  path: "/reports",
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration("ReportsIntegration", reports),
  authorizer,
});

new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint });
