import { App, CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "CognitoHttpApi");

const userPool = new UserPool(stack, "Users", {
  selfSignUpEnabled: true,
  signInAliases: { email: true },
  removalPolicy: RemovalPolicy.DESTROY, // an example; keep the users of a real application
});
const userPoolDomain = userPool.addDomain("Domain", {
  cognitoDomain: { domainPrefix: `single-session-${stack.account}` },
});
const userPoolClient = userPool.addClient("Web", {
  oAuth: {
    flows: { authorizationCodeGrant: true },
    callbackUrls: ["http://localhost:3000/login/oidc/callback"],
  },
});

const sessions = new SingleSession(stack, "Sessions", {
  identity: [{ cognito: { userPool, userPoolClient, userPoolDomain, adminGroups: ["admins"] } }],
  idleTimeout: Duration.minutes(15),
});

const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);

const reports = new LambdaFunction(stack, "Reports", {
  runtime: Runtime.NODEJS_24_X,
  handler: "reports.handler",
  code: Code.fromAsset(`${import.meta.dirname}/functions`),
});
api.addRoutes({
  path: "/reports",
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration("ReportsIntegration", reports),
  authorizer: sessions.authorizer,
});

new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint });
