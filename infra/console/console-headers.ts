import { Aws, Duration, Names } from "aws-cdk-lib";
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";
import type { Brand } from "./branding.ts";

/**
 * What the page may do: load everything from its own origin and nothing from another, run no inline script,
 * be in no frame; where push is on, listen to the Event API. Styles may be inline, since Cloudscape positions
 * its parts by style attributes (ASVS 3.4.3). A logo elsewhere is allowed by its whole address, not its host.
 */
const contentSecurityPolicy = (pushHost: string | undefined, logo: Brand["logo"]): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data:${logo?.kind === "url" ? ` ${logo.url.origin}${logo.url.pathname}` : ""}`,
    "font-src 'self' data:",
    `connect-src 'self'${pushHost === undefined ? "" : ` wss://${pushHost}`}`,
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join("; ");

/**
 * Headers that no section of its own has: the page shares no process or window with others, and needs no
 * sensor.
 */
const MORE_HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/**
 * The headers of the console's page and its files (OWASP HTTP Headers Cheat Sheet). The API's answers bring
 * their own.
 * @param pushHost the real-time host of the Event API.
 */
export function createPageHeaders(
  scope: Construct,
  pushHost: string | undefined,
  logo: Brand["logo"],
): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, "PageHeaders", {
    responseHeadersPolicyName: regionalName(scope, "PageHeaders"),
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(pushHost, logo), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      // No subdomains, since the host may be somebody's own.
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(365),
        includeSubdomains: false,
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(MORE_HEADERS).map(([header, value]) => ({
        header,
        value,
        override: true,
      })),
    },
  });
}

/**
 * A name for what CloudFront keeps once for the whole account: stacks of one name in two Regions must not
 * meet. Short enough for every kind (64 characters).
 */
export function regionalName(scope: Construct, id: string): string {
  return `${Names.uniqueResourceName(scope, { maxLength: 44 - id.length })}${id}-${Aws.REGION}`;
}
