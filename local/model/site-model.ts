import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { readDeployedFiles, type SiteFiles } from "../site/site-files.ts";
import type { ResolvedResource } from "./resource.ts";

type Header = readonly [name: string, value: string];

/** A distribution whose pages come from a bucket, and whose other paths lead to the HTTP API. */
export interface SiteModel {
  /** The object that `/` stands for. */
  readonly rootObject: string;
  readonly files: SiteFiles;
  /** What the distribution adds to each answer of the pages. */
  readonly pageHeaders: readonly Header[];
  /** The code of the CloudFront function that a request for a page passes first. */
  readonly pageFunction: string | undefined;
  /** In order of precedence. */
  readonly apiPaths: readonly ApiPathModel[];
}

export interface ApiPathModel {
  /** Matched against the path as it was sent. */
  readonly pattern: RegExp;
  /** The host that the API is asked by. */
  readonly originHost: string;
  /** What is put before the path: `/prod`, a REST API's stage. */
  readonly originPath: string;
  /** What the distribution adds to each request, whatever the viewer sent under those names. */
  readonly originHeaders: readonly Header[];
  /** The code of the CloudFront function that a request passes first. */
  readonly viewerFunction: string | undefined;
}

const behaviorSchema = z.object({
  TargetOriginId: z.string(),
  ResponseHeadersPolicyId: z.string().optional(),
  FunctionAssociations: z.array(z.object({ EventType: z.string(), FunctionARN: z.string() })).default([]),
});
const originSchema = z.object({
  Id: z.string(),
  DomainName: z.string(),
  OriginPath: z.string().default(""),
  CustomOriginConfig: z.unknown().optional(),
  OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
});
const distributionSchema = z.object({
  DistributionConfig: z.object({
    DefaultRootObject: z.string().default(""),
    DefaultCacheBehavior: behaviorSchema,
    CacheBehaviors: z.array(behaviorSchema.extend({ PathPattern: z.string() })).default([]),
    Origins: z.array(originSchema),
    CustomErrorResponses: z.array(z.unknown()).default([]),
  }),
});
const functionSchema = z.object({ FunctionCode: z.string() });
const override = { Override: z.boolean().default(false) };
const headersSchema = z.object({
  ResponseHeadersPolicyConfig: z.object({
    SecurityHeadersConfig: z
      .object({
        ContentSecurityPolicy: z.object({ ...override, ContentSecurityPolicy: z.string() }).optional(),
        ContentTypeOptions: z.object(override).optional(),
        FrameOptions: z.object({ ...override, FrameOption: z.string() }).optional(),
        ReferrerPolicy: z.object({ ...override, ReferrerPolicy: z.string() }).optional(),
        StrictTransportSecurity: z
          .object({
            ...override,
            AccessControlMaxAgeSec: z.number(),
            IncludeSubdomains: z.boolean().default(false),
          })
          .optional(),
      })
      .default({}),
    CustomHeadersConfig: z
      .object({ Items: z.array(z.object({ Header: z.string(), Value: z.string() })) })
      .default({ Items: [] }),
  }),
});

type Behavior = z.infer<typeof behaviorSchema>;
type Origin = z.infer<typeof originSchema>;

/**
 * The template's site, or `undefined` where it has none. Caching, compression, the redirect to HTTPS and
 * certificates are not emulated.
 * @throws LocalStackError for a second one, and for what such a distribution can do and a local stack cannot.
 */
export function readSite(
  resources: readonly ResolvedResource[],
  assetPath: (objectKey: string) => string | undefined,
): SiteModel | undefined {
  const [resource, second] = resources.filter(({ type }) => type === "AWS::CloudFront::Distribution");
  if (resource === undefined) return undefined;
  if (second !== undefined) {
    throw new LocalStackError("The template has several CloudFront distributions; one can run here.");
  }
  const { DistributionConfig: config } = distributionSchema.parse(resource.properties());
  const name = `The distribution ${resource.constructId}`;
  if (config.CustomErrorResponses.length > 0) {
    throw new LocalStackError(`${name} has error responses of its own; none run here.`);
  }
  const pages = originOf(config.DefaultCacheBehavior, config.Origins, name);
  const bucket = /^(.+)\.s3\.[^.]+\.amazonaws\.com$/.exec(pages.DomainName)?.[1];
  if (bucket === undefined) {
    throw new LocalStackError(
      `${name} leads to ${pages.DomainName}; only a bucket of the template runs here.`,
    );
  }
  return {
    rootObject: config.DefaultRootObject,
    files: readDeployedFiles(resources, bucket, assetPath),
    pageHeaders: pageHeaders(config.DefaultCacheBehavior, resources),
    pageFunction: viewerFunction(config.DefaultCacheBehavior, resources, name),
    apiPaths: config.CacheBehaviors.map((behavior) => {
      const origin = originOf(behavior, config.Origins, name);
      if (origin.CustomOriginConfig === undefined) {
        throw new LocalStackError(
          `${name} leads ${behavior.PathPattern} to ${origin.DomainName}; only an API runs here.`,
        );
      }
      return {
        pattern: toPattern(behavior.PathPattern),
        originHost: origin.DomainName,
        originPath: origin.OriginPath,
        originHeaders: origin.OriginCustomHeaders.map(
          ({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue] as const,
        ),
        viewerFunction: viewerFunction(behavior, resources, name),
      };
    }),
  };
}

function originOf({ TargetOriginId }: Behavior, origins: readonly Origin[], name: string): Origin {
  const origin = origins.find(({ Id }) => Id === TargetOriginId);
  if (origin === undefined) throw new LocalStackError(`${name} has no origin ${TargetOriginId}.`);
  return origin;
}

/** `*` stands for any characters and `?` for one ("Path pattern", Amazon CloudFront Developer Guide). */
function toPattern(pathPattern: string): RegExp {
  const rooted = pathPattern.startsWith("/") ? pathPattern : `/${pathPattern}`;
  const escaped = rooted.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

function viewerFunction(
  { FunctionAssociations }: Behavior,
  resources: readonly ResolvedResource[],
  name: string,
): string | undefined {
  const [association, second] = FunctionAssociations;
  if (association === undefined) return undefined;
  const id = association.FunctionARN.split("/").at(-1);
  const resource = resources.find(
    ({ type, logicalId }) => type === "AWS::CloudFront::Function" && logicalId === id,
  );
  if (second !== undefined || association.EventType !== "viewer-request" || resource === undefined) {
    throw new LocalStackError(
      `${name} has functions other than one at a viewer's request; that one runs here.`,
    );
  }
  return functionSchema.parse(resource.properties()).FunctionCode;
}

function pageHeaders(behavior: Behavior, resources: readonly ResolvedResource[]): readonly Header[] {
  const policy = resources.find(
    ({ type, logicalId }) =>
      type === "AWS::CloudFront::ResponseHeadersPolicy" && logicalId === behavior.ResponseHeadersPolicyId,
  );
  if (policy === undefined) return [];
  const config = headersSchema.parse(policy.properties()).ResponseHeadersPolicyConfig;
  const {
    ContentSecurityPolicy: csp,
    ContentTypeOptions: options,
    FrameOptions: frame,
    ReferrerPolicy: referrer,
    StrictTransportSecurity: hsts,
  } = config.SecurityHeadersConfig;
  const headers: (Header | undefined)[] = [
    csp && ["content-security-policy", csp.ContentSecurityPolicy],
    options && ["x-content-type-options", "nosniff"],
    frame && ["x-frame-options", frame.FrameOption],
    referrer && ["referrer-policy", referrer.ReferrerPolicy],
    hsts && [
      "strict-transport-security",
      `max-age=${hsts.AccessControlMaxAgeSec}${hsts.IncludeSubdomains ? "; includeSubDomains" : ""}`,
    ],
    ...config.CustomHeadersConfig.Items.map(({ Header, Value }) => [Header.toLowerCase(), Value] as const),
  ];
  return headers.filter((header) => header !== undefined);
}
