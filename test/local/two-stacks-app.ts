/** The user pool is in one stack, the sessions in another; the context says how they exchange values. */
import { App, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { SingleSession } from "../../infra/index.ts";

const app = new App();
const auth = new Stack(app, "AuthStack");
const userPool = new UserPool(auth, "Users");
const userPoolClient = userPool.addClient("Web");
const stack = new Stack(app, "ApiStack");
const sessions = new SingleSession(stack, "Sessions", {
  identity: { cognito: { userPool, userPoolClient } },
  events: false,
  jobs: false,
});
sessions.addRoutes(new HttpApi(stack, "Api"));
new Stack(app, "Unrelated");
app.synth();
