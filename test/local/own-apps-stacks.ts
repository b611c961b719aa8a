import { App, CfnResource, NestedStack, Stack } from "aws-cdk-lib";
import {
  Cors,
  LambdaIntegration,
  RequestAuthorizer,
  RestApi,
  TokenAuthorizer,
} from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer, HttpLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import {
  HttpLambdaIntegration,
  HttpSqsIntegration,
  HttpUrlIntegration,
} from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Topic } from "aws-cdk-lib/aws-sns";

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ event, environment: process.env }) });`;
/** Allows by the words of the header or of the token. */
const AUTHORIZE = `exports.handler = async (event) => {
  const said = event.authorizationToken ?? event.headers["x-pass"];
  if (said === "who") throw new Error("Unauthorized");
  if (said === "fail") throw new Error("broken");
  const [api, stage] = event.methodArn.split("/");
  return {
    principalId: "alice",
    policyDocument: { Statement: [{ Effect: said === "no" ? "Deny" : "Allow", Action: "execute-api:*", Resource: api + "/" + stage + "/*" }] },
    context: { type: event.type, path: event.path ?? "none", isAdmin: true, count: 3, ...(said === "list" && { list: [] }) },
  };
};`;

/** Two stacks of one app: the APIs in one, what they refer to in the other. */
export function synthesizeOwnApps(outdir: string): void {
  const app = new App({ outdir, context: { "aws:cdk:enable-path-metadata": true } });
  const data = new Stack(app, "Data");
  const uploads = new Bucket(data, "Uploads");
  const topic = new Topic(data, "News");
  const apis = new Stack(app, "Apis");
  const fn = (id: string, code: string, environment: Record<string, string> = {}): LambdaFunction =>
    new LambdaFunction(apis, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline(code),
      environment,
    });
  const secret = new Secret(apis, "Key");
  const echo = fn("echo", ECHO, {
    KEY: secret.secretValue.unsafeUnwrap(),
    KEY_ARN: secret.secretArn,
    BUCKET: uploads.bucketName,
    TOPIC: topic.topicArn,
  });
  const authorize = fn("authorize", AUTHORIZE);
  const layer = "arn:aws:lambda:eu-west-1:111111111111:layer:tracing:1";
  authorize.addLayers(LayerVersion.fromLayerVersionArn(apis, "Tracing", layer));
  new LambdaFunction(apis, "old", {
    runtime: Runtime.PYTHON_3_13,
    handler: "index.handler",
    code: Code.fromInline("def handler(event, context): pass"),
  });
  new CfnResource(apis, "Seed", { type: "Custom::Seed", properties: { ServiceToken: "nowhere" } });

  const first = new HttpApi(apis, "First");
  const integration = new HttpLambdaIntegration("Echo", echo);
  first.addRoutes({ path: "/echo", methods: [HttpMethod.GET], integration });
  first.addStage("Beta", { stageName: "beta", autoDeploy: true });
  first.addRoutes({ path: "/web", integration: new HttpUrlIntegration("Web", "https://example.com") });
  first.addRoutes({
    path: "/queue",
    integration: new HttpSqsIntegration("Sqs", { queue: new Queue(apis, "Orders") }),
  });
  const inner = new LambdaFunction(new NestedStack(apis, "Inner"), "inner", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline(ECHO),
  });
  for (const path of ["/inner", "/inner/{id}"]) {
    first.addRoutes({ path, integration: new HttpLambdaIntegration("Inner", inner) });
  }
  first.addRoutes({
    path: "/tokens",
    integration,
    authorizer: new HttpJwtAuthorizer("Jwt", "https://issuer.example.com", { jwtAudience: ["me"] }),
  });

  first.addRoutes({
    path: "/policy",
    integration,
    authorizer: new HttpLambdaAuthorizer("ByPolicy", authorize, {
      identitySource: ["$request.header.x-pass"],
    }),
  });

  const rest = new RestApi(apis, "Rest", { defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS } });
  const toEcho = new LambdaIntegration(echo);
  rest.root.addMethod("GET", toEcho);
  const items = rest.root.addResource("items");
  items.addResource("{id}").addMethod("GET", toEcho, {
    authorizer: new RequestAuthorizer(apis, "ByRequest", {
      handler: authorize,
      identitySources: ["method.request.header.x-pass"],
    }),
  });
  items.addMethod("GET", toEcho, {
    authorizer: new TokenAuthorizer(apis, "ByToken", { handler: authorize }),
  });
  app.synth();
}
