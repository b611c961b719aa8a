import { App, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "ReactSpa");

const api = new HttpApi(stack, "Api");
const sessions = new SingleSession(stack, "Sessions");
sessions.addRoutes(api);

// API Gateway sees the distribution in place of the viewer. These headers say who asks, and which host was
// asked: failed attempts are counted for the viewer's address, and calls of this origin's pages are told from
// those of others.
const viewer = new CloudFrontFunction(stack, "Viewer", {
  runtime: FunctionRuntime.JS_2_0,
  code: FunctionCode.fromInline(`function handler(event) {
  var request = event.request;
  request.headers["x-viewer-address"] = { value: event.viewer.ip };
  request.headers["x-viewer-host"] = { value: request.headers.host.value };
  return request;
}`),
});
const apiBehavior = {
  origin: new HttpOrigin(`${api.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`, {
    // By it the functions know that the headers are the distribution's.
    customHeaders: { "x-origin-secret": sessions.originSecret().secretValue.unsafeUnwrap() },
  }),
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  // Browsers keep the session's cookie from https pages only.
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: viewer }],
};

// Page and API at one origin: the cookie is that origin's, and no CORS is needed.
const pages = new Bucket(stack, "Pages", { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
const distribution = new Distribution(stack, "Site", {
  defaultRootObject: "index.html",
  defaultBehavior: {
    origin: S3BucketOrigin.withOriginAccessControl(pages),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  },
  additionalBehaviors: { "/login*": apiBehavior, "/logout": apiBehavior, "/session*": apiBehavior },
});
new BucketDeployment(stack, "Files", {
  sources: [Source.asset(`${import.meta.dirname}/dist`)],
  destinationBucket: pages,
  distribution, // it forgets the pages of before
});

new CfnOutput(stack, "Url", { value: `https://${distribution.domainName}` });
