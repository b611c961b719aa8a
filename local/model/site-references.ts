import type { TemplateResource } from "./template.ts";
import type { Reference } from "./intrinsics.ts";
import { ACCOUNT_ID } from "./resource.ts";

/** The address a distribution would have; the local stack's own takes its place. */
export const DISTRIBUTION_HOST = "local.cloudfront.net";

/**
 * The resources that a site consists of. What they lead to has references for them only: no function here
 * could use a bucket.
 */
export const SITE_TYPES: readonly string[] = [
  "AWS::CloudFront::Distribution",
  "AWS::CloudFront::Function",
  "AWS::CloudFront::ResponseHeadersPolicy",
  "Custom::CDKBucketDeployment",
];

/** What anything in a template may refer to of a distribution and of a secret. */
export function sharedSiteReference(
  id: string,
  { Type }: TemplateResource,
  region: string,
): Reference | undefined {
  switch (Type) {
    case "AWS::CloudFront::Distribution":
      return { ref: id, attributes: { DomainName: DISTRIBUTION_HOST, Id: id } };
    case "AWS::SecretsManager::Secret":
      return {
        ref: `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${id}`,
        attributes: {},
        isStandIn: true,
      };
    default:
      return undefined;
  }
}

/** What the resources of a site refer to among themselves. */
export function siteReference(id: string, { Type }: TemplateResource, region: string): Reference | undefined {
  switch (Type) {
    case "AWS::S3::Bucket":
      return {
        ref: id,
        attributes: {
          Arn: `arn:aws:s3:::${id}`,
          RegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
        },
      };
    case "AWS::CloudFront::Function":
      return {
        ref: id,
        attributes: { FunctionARN: `arn:aws:cloudfront::${ACCOUNT_ID}:function/${id}` },
      };
    case "AWS::CloudFront::ResponseHeadersPolicy":
    case "AWS::CloudFront::OriginAccessControl":
      return { ref: id, attributes: { Id: id } };
    case "AWS::CertificateManager::Certificate":
      return { ref: `arn:aws:acm:us-east-1:${ACCOUNT_ID}:certificate/${id}`, attributes: {} };
    default:
      return undefined;
  }
}
