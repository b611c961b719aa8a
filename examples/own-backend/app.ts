import { App, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "OwnBackend");

// No identity source: nobody signs in through the API but by this backend.
const sessions = new SingleSession(stack, "Sessions", { identity: [] });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);

const signIn = new LambdaFunction(stack, "SignIn", {
  runtime: Runtime.NODEJS_24_X,
  handler: "sign-in.handler",
  code: Code.fromAsset(`${import.meta.dirname}/functions`),
  environment: { LOGIN_FUNCTION: sessions.loginFunction.functionName },
  timeout: Duration.seconds(10), // it waits for another function, and both may have to start
});
sessions.grantInvokeLogin(signIn);
api.addRoutes({
  path: "/sign-in",
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration("SignInIntegration", signIn),
});

new CfnOutput(stack, "ApiUrl", { value: api.apiEndpoint });
