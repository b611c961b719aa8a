/**
 * A CDK app for the tests of the local stack. The context's `variant` makes it one that is refused, or
 * differs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotations, App, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { CorsHttpMethod, HttpApi, HttpMethod, PayloadFormatVersion } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { AttributeType, ProjectionType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { buildSync } from "esbuild";

const bundle = mkdtempSync(join(tmpdir(), "fixture-bundle-"));
buildSync({
  entryPoints: [join(import.meta.dirname, "fixture-functions.ts")],
  outfile: join(bundle, "index.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
});

const app = new App();
const variant = app.node.tryGetContext("variant") as string | undefined;
if (variant === "throws") throw new Error('colour is "grue". Accepted: green, blue');
const stack = new Stack(app, "Fixture");
if (variant === "marked-error") Annotations.of(stack).addError("this must not be deployed");
if (variant === "several-stacks") new Stack(app, "Another");

const text = AttributeType.STRING;
const table = new Table(stack, "Things", {
  partitionKey: { name: "pk", type: text },
  timeToLiveAttribute: "ttl",
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
});
table.addGlobalSecondaryIndex({
  indexName: "byOwner",
  partitionKey: { name: "owner", type: text },
  sortKey: { name: "at", type: AttributeType.NUMBER },
  projectionType: ProjectionType.KEYS_ONLY,
});

const api = new HttpApi(stack, "Api", {
  corsPreflight: {
    allowOrigins: ["https://app.example.com"],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
    allowHeaders: ["content-type"],
    exposeHeaders: ["retry-after"],
    allowCredentials: true,
    maxAge: Duration.minutes(10),
  },
});

function addFunction(id: string, environment: Record<string, string> = {}): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(bundle),
    handler: `index.${id.split("-")[0] ?? id}`,
    timeout: Duration.seconds(2),
    memorySize: 256,
    environment,
  });
}

const echo = addFunction("echo");
const respond = addFunction("respond");
const authorize = addFunction("authorize");
addFunction("act", {
  TABLE: table.tableName,
  TABLE_ARN: table.tableArn,
  API: api.apiEndpoint,
  NODE_OPTIONS: "--enable-source-maps",
});
addFunction("act-unloadable", { FAIL_LOADING: "yes" });

function addRoute(method: HttpMethod, path: string, target = echo, authorizer?: HttpLambdaAuthorizer) {
  api.addRoutes({
    path,
    methods: [method],
    integration: new HttpLambdaIntegration(`${method}${path}`, target),
    ...(authorizer && { authorizer }),
  });
}
addRoute(HttpMethod.GET, "/echo");
addRoute(HttpMethod.POST, "/echo");
addRoute(HttpMethod.GET, "/echo/{id}");
addRoute(HttpMethod.GET, "/echo/fixed");
addRoute(HttpMethod.ANY, "/echo/fixed");
addRoute(HttpMethod.ANY, "/files/{proxy+}");
addRoute(HttpMethod.POST, "/respond", respond);
for (const [path, target] of [
  ["/v1/echo/{id}", echo],
  ["/v1/respond", respond],
] as const) {
  const parameters = { payloadFormatVersion: PayloadFormatVersion.VERSION_1_0 };
  const integration = new HttpLambdaIntegration(`v1${path}`, target, parameters);
  api.addRoutes({ path, methods: [HttpMethod.POST], integration });
}
function lambdaAuthorizer(
  id: string,
  identitySource: string[],
  resultsCacheTtl: Duration,
): HttpLambdaAuthorizer {
  const responseTypes = [HttpLambdaResponseType.SIMPLE];
  return new HttpLambdaAuthorizer(id, authorize, { responseTypes, identitySource, resultsCacheTtl });
}
addRoute(HttpMethod.GET, "/guarded", echo, lambdaAuthorizer("none", [], Duration.seconds(0)));
const header = ["$request.header.X-Pass"];
addRoute(HttpMethod.GET, "/guarded-by-header", echo, lambdaAuthorizer("header", header, Duration.seconds(0)));
addRoute(HttpMethod.GET, "/guarded-cached", echo, lambdaAuthorizer("cached", header, Duration.minutes(5)));
new CfnOutput(stack, "ApiUrl", { value: api.url ?? "" });
new CfnOutput(stack, "ThingsTableName", { value: table.tableName });
// CDK copied it into the cloud assembly where each function was made.
rmSync(bundle, { recursive: true });
