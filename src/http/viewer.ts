import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { VIEWER_HEADERS } from "../runtime/function-settings.ts";
import { problem, type Problem } from "./problem.ts";
import type { HttpRequest } from "./request.ts";

/**
 * The request as its viewer sent it to the CDN before the API: the source address and the host are the
 * viewer's, not those of the CDN's edge and of the API. The CDN says them in headers that anybody may send to
 * the API's own host, so that they are believed only beside the secret that the CDN and the functions share.
 * All three headers are gone from what is returned.
 * @param originSecret `undefined` or empty where no CDN stands before the API: then nothing is believed.
 */
export function asViewerSent(request: HttpRequest, originSecret: string | undefined): HttpRequest {
  const headers = new Map(request.headers);
  headers.delete(VIEWER_HEADERS.secret);
  const address = take(headers, VIEWER_HEADERS.address);
  const host = take(headers, VIEWER_HEADERS.host);
  if (!cameThroughCdn(request, originSecret)) return { ...request, headers };
  if (host !== undefined) headers.set("host", host);
  return {
    ...request,
    headers,
    // A stage is in the path by which the CDN asks, not in the viewer's.
    ...(host !== undefined && { pathPrefix: "" }),
    ...(address !== undefined && isIP(address) !== 0 && { sourceAddress: address }),
  };
}

/**
 * Whether a request carries the secret that the CDN and the functions share.
 * @param originSecret several, joined by commas, while one is being replaced: each is accepted.
 */
export function cameThroughCdn(request: HttpRequest, originSecret: string | undefined): boolean {
  const given = request.headers.get(VIEWER_HEADERS.secret) ?? "";
  const accepted = (originSecret ?? "").split(",").filter((secret) => secret !== "");
  return accepted.some((secret) => isSame(given, secret));
}

/**
 * The 403 of `onlyThroughCdn` for a request that came to the API's own host, past the CDN and its web ACL.
 */
export function cdnProblem(
  request: HttpRequest,
  {
    originSecret,
    settings,
  }: { readonly originSecret?: string | undefined; readonly settings?: CdnSetting | undefined },
): Problem | undefined {
  return settings?.onlyThroughCdn !== true || cameThroughCdn(request, originSecret)
    ? undefined
    : problem("cdn_required", { detail: "This API answers only what comes through its CDN." });
}

export interface CdnSetting {
  /** Whether requests that did not come through the CDN are refused. */
  readonly onlyThroughCdn?: boolean;
}

function take(headers: Map<string, string>, name: string): string | undefined {
  const value = headers.get(name);
  headers.delete(name);
  return value;
}

/**
 * In a time that depends on neither value: hashed first, since values of unequal length cannot be compared
 * that way.
 */
function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(sha256(given), sha256(secret));
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
