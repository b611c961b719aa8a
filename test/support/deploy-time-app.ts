/**
 * An app whose settings are known only at deployment: a user pool of its own, and front ends that other
 * stacks and parameters name.
 */
import { App, CfnParameter, Fn, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { SingleSession } from "../../infra/index.ts";

const app = new App({ autoSynth: false });
const stack = new Stack(app, "Mine");
const userPool = new UserPool(stack, "Pool");
const front = new CfnParameter(stack, "Front", {
  type: "CommaDelimitedList",
  default: "https://app.example.com, https://shop.example.com",
});
const sessions = new SingleSession(stack, "Sessions", {
  identity: {
    cognito: {
      userPool,
      userPoolClient: userPool.addClient("Client"),
      userPoolDomain: userPool.addDomain("Domain", { cognitoDomain: { domainPrefix: "shop" } }),
    },
  },
  allowedOrigins: front.valueAsList,
  publicOrigin: `https://${Fn.importValue("PublicHost")}`,
});
sessions.addRoutes(new HttpApi(stack, "Api"));
app.synth();
