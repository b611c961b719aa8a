import { Fn, Lazy, RemovalPolicy, Token } from "aws-cdk-lib";
import type { HttpApi, IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  Signing,
  ViewerProtocolPolicy,
  type BehaviorOptions,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { GET_OVERVIEW } from "../../src/api/get-overview.ts";
import { START_JOB } from "../../src/api/start-job.ts";
import { VIEWER_HEADERS } from "../../src/runtime/function-settings.ts";

import { readBranding, type ConsoleBranding } from "./branding.ts";
import { acknowledgeFindings } from "./console-findings.ts";
import { createPageHeaders, regionalName } from "./console-headers.ts";
import { deployPages } from "./console-pages.ts";
import { SettingError } from "../settings/setting-error.ts";
import { needsRoutes } from "../synth-notes.ts";
import type { SingleSession } from "../single-session.ts";
import { pageFunction } from "./page-function.ts";
import { VIEWER_FUNCTION } from "./viewer-function.ts";

/** What a console may be like. */
export interface SingleSessionConsoleOptions extends ConsoleBranding {
  /**
   * Host names of your own for it, such as `sessions.example.com`; they need `certificate`, and DNS records
   * that lead to the distribution's domain name.
   * @default the distribution's own name, at cloudfront.net
   */
  readonly domainNames?: readonly string[];
  /**
   * A certificate for `domainNames`. It must lie in us-east-1, as CloudFront wants it, wherever the stack is.
   * @default none
   */
  readonly certificate?: ICertificate;
  /**
   * Another value makes another origin secret: 1 to 32 letters and digits (`docs/operate/secrets.md` says
   * when).
   * @default "1"
   */
  readonly secretGeneration?: string;
  /**
   * Generations that the functions take as well, while one is being replaced.
   * @default none
   */
  readonly acceptedGenerations?: readonly string[];
  /**
   * The ARN of a web ACL of AWS WAF before page and API. CloudFront takes those of the scope `CLOUDFRONT`,
   * which lie in us-east-1. `onlyThroughCdn` of the sessions closes the way around it.
   * @default none
   */
  readonly webAclArn?: string;
}

/** Props of {@link SingleSessionConsole}. */
export interface SingleSessionConsoleProps extends SingleSessionConsoleOptions {
  readonly sessions: SingleSession;
  /** The API that has the routes of `sessions`, at its `$default` stage. */
  readonly httpApi: HttpApi | IHttpApi;
}

/**
 * The console: its page in a private bucket, and a distribution that serves the page and the API at one
 * origin, so that the cookie is that origin's. To the API it hands everything on and keeps nothing; it has no
 * error pages of its own, which would replace the API's.
 *
 * The API's own host stays open beside it, unless the sessions have `onlyThroughCdn`.
 *
 * @throws SettingError for options that cannot be right, and Error where the page does not build.
 */
export class SingleSessionConsole extends Construct {
  readonly distribution: Distribution;
  readonly bucket: Bucket;
  /** `https://d111111abcdef8.cloudfront.net`, or the first of `domainNames`. */
  readonly url: string;

  readonly #api: BehaviorOptions & { readonly origin: HttpOrigin };
  /** The first segments of the API's paths, routes of one's own among them. */
  readonly #apiFolders = new Set<string>();

  constructor(scope: Construct, id: string, props: SingleSessionConsoleProps) {
    super(scope, id);
    const { sessions, domainNames, certificate, webAclArn } = props;
    if (webAclArn !== undefined) checkWebAcl(webAclArn);
    SettingError.in(this, () => checkDomainNames(props));
    const brand = readBranding({ name: "console", source: "prop", value: brandingOf(props) }, process.cwd());
    this.bucket = new Bucket(this, "Pages", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // It holds nothing but the page, which a deployment brings back.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // CDK's own types disagree under `exactOptionalPropertyTypes`.
    const pages = this.bucket as IBucket;
    const originAccessControl = new S3OriginAccessControl(this, "PagesAccess", {
      originAccessControlName: regionalName(this, "Pages"),
      signing: Signing.SIGV4_ALWAYS,
    });
    this.distribution = new Distribution(this, "Distribution", {
      comment: "Single session: the console, and the API behind it",
      defaultRootObject: "index.html",
      httpVersion: HttpVersion.HTTP2_AND_3,
      // North America and Europe; the page is a few hundred kilobytes once, and the API is where it is.
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(pages, { originAccessControl }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: createPageHeaders(this, sessions.eventApi?.realtimeDns, brand.logo),
        // The function answers all that do not read; none reaches the bucket.
        allowedMethods: AllowedMethods.ALLOW_ALL,
        functionAssociations: [
          { eventType: FunctionEventType.VIEWER_REQUEST, function: this.#pageFunction() },
        ],
      },
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...(domainNames && { domainNames: [...domainNames] }),
      ...(certificate && { certificate, minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021 }),
    });
    needsRoutes(this, sessions, props.httpApi);
    this.#api = this.#apiBehavior(props);
    for (const path of sessions.paths) this.addApiPath(path.replaceAll(/\{[^}]+\}/g, "*"));
    const { bucket, distribution } = this;
    const deployment = deployPages(this, pages, {
      identity: sessions.signIn,
      activity: sessions.paths.includes(GET_OVERVIEW.path),
      jobs: sessions.paths.includes(START_JOB.path),
      brand,
    });
    acknowledgeFindings({ bucket, distribution, deployment });

    this.url = `https://${domainNames?.[0] ?? this.distribution.domainName}`;
  }

  /**
   * Serves a route of your own, on the same API, at the console's origin as well.
   * @param pathPattern as CloudFront has it: `/reports`, `/orders/*`.
   */
  addApiPath(pathPattern: string): void {
    const { origin, ...options } = this.#api;
    this.distribution.addBehavior(pathPattern, origin, options);
    const folder = pathPattern.replace(/^\//, "").split("/")[0] ?? "";
    if (/^[^*?]+$/.test(folder)) this.#apiFolders.add(folder);
  }

  #pageFunction(): CloudFrontFunction {
    return new CloudFrontFunction(this, "Paths", {
      functionName: regionalName(this, "Paths"),
      comment: "Tells files, pages and wrong paths of the API apart",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(Lazy.string({ produce: () => pageFunction([...this.#apiFolders]) })),
    });
  }

  #apiBehavior({ sessions, httpApi, secretGeneration, acceptedGenerations }: SingleSessionConsoleProps): {
    readonly origin: HttpOrigin;
  } & BehaviorOptions {
    const secret = sessions.originSecret(secretGeneration, acceptedGenerations);
    const { apiEndpoint } = httpApi as IHttpApi;
    const viewer = new CloudFrontFunction(this, "Viewer", {
      // CDK's own name has the stack's id in it, not its name: two stacks of one app's code would meet.
      functionName: regionalName(this, "Viewer"),
      comment: "Tells the API the viewer's address and host",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWER_FUNCTION),
    });
    return {
      origin: new HttpOrigin(Fn.select(2, Fn.split("/", apiEndpoint)), {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        customHeaders: { [VIEWER_HEADERS.secret]: secret.secretValue.unsafeUnwrap() },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // API Gateway routes by `Host`: with the viewer's it would find no API.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: viewer }],
    };
  }
}

const brandingOf = ({
  title,
  logo,
  accountUrl,
}: ConsoleBranding): Record<keyof ConsoleBranding, unknown> => ({
  title,
  logo,
  accountUrl,
});

const WEB_ACL_SHAPE = /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/;

/**
 * @throws SettingError for what CloudFront would refuse at the deployment: a regional web ACL, or one of WAF
 * Classic.
 */
function checkWebAcl(webAclArn: unknown): void {
  if (Token.isUnresolved(webAclArn)) return;
  if (typeof webAclArn === "string" && WEB_ACL_SHAPE.test(webAclArn)) return;
  throw SettingError.forValue(
    { name: "webAclArn", source: "prop", value: webAclArn },
    "the ARN of a web ACL of the scope CLOUDFRONT, " +
      "arn:aws:wafv2:us-east-1:<account>:global/webacl/<name>/<id>",
  );
}

function checkDomainNames({ domainNames = [], certificate }: SingleSessionConsoleProps): void {
  if (domainNames.length === 0 || certificate !== undefined) return;
  const accepted = "certificate beside it: CloudFront serves names of your own with one of ACM in us-east-1";
  throw new SettingError("domainNames (prop) is given without certificate", accepted);
}
