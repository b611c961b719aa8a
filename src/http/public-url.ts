import type { HttpRequest } from "./request.ts";
import type { OriginSettings } from "./same-origin.ts";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A path of the API as people's browsers reach it: below the public base URL where one is set, else on the
 * host that the API was asked by. API Gateway speaks TLS only and routes by that host; plain HTTP is for a
 * stack that runs on somebody's own machine. `undefined` for a request whose host is none, which gateways do
 * not let through.
 */
export function publicUrl(
  request: HttpRequest,
  { publicOrigin }: Pick<OriginSettings, "publicOrigin">,
  path: string,
): URL | undefined {
  if (publicOrigin !== undefined) {
    const url = new URL(publicOrigin);
    // A value that is known at deployment only may end with a slash; the path begins with one.
    url.pathname = url.pathname.replace(/\/+$/, "") + path;
    return url;
  }
  const host = request.headers.get("host") ?? "";
  const url = URL.parse(`${LOOPBACK.test(host) ? "http" : "https"}://${host}`);
  // More than a host would lead the browser elsewhere (`name@`) or swallow the path (`?`).
  if (url === null || /[\s/?#@]/.test(host) || url.href !== `${url.origin}/`) return undefined;
  url.pathname = request.pathPrefix + path;
  return url;
}
