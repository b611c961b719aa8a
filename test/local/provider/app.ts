/** A CDK app whose users come from a Cognito user pool of its own and from an OpenID Connect provider. */
import { App, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { SingleSession } from "../../../infra/index.ts";

const app = new App();
const stack = new Stack(app, "Shop");

const userPool = new UserPool(stack, "Users");
const userPoolDomain = userPool.addDomain("Domain", { cognitoDomain: { domainPrefix: "shop-test" } });
const userPoolClient = userPool.addClient("Web", {
  authFlows: { userSrp: true },
  oAuth: {
    flows: { authorizationCodeGrant: true },
    callbackUrls: ["https://shop.example.com/callback"],
    logoutUrls: ["https://shop.example.com/"],
  },
});

const sessions = new SingleSession(stack, "Sessions", {
  identity: [
    { cognito: { userPool, userPoolClient, userPoolDomain, adminGroups: ["admins"], accessTokens: true } },
    {
      oidc: {
        name: "corp",
        issuer: "https://login.example.com/realms/corp",
        jwksUri: "https://keys.example.com/corp",
        clientId: "shop",
        adminClaim: "roles",
        adminValues: ["shop-admin"],
        accessTokens: { audience: "https://api.shop.example.com" },
      },
    },
  ],
  // Front ends of the tests.
  allowedOrigins: ["http://localhost:5173"],
});
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);

const whoAmI = new NodejsFunction(stack, "who-am-i", {
  entry: `${import.meta.dirname}/who-am-i.ts`,
  runtime: Runtime.NODEJS_24_X,
  bundling: { format: OutputFormat.ESM, forceDockerBundling: false },
  environment: { USER_POOL_ID: userPool.userPoolId, CLIENT_ID: userPoolClient.userPoolClientId },
});
const integration = new HttpLambdaIntegration("WhoAmI", whoAmI);
api.addRoutes({ path: "/who-am-i", methods: [HttpMethod.GET], integration });
api.addRoutes({
  path: "/reports",
  methods: [HttpMethod.GET],
  integration,
  authorizer: sessions.authorizer,
});
app.synth();
