import type { HttpRequest } from "./request.ts";
import type { OriginSettings } from "./same-origin.ts";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A path of the API as people's browsers reach it: on the public origin where one is set, else on the host that the API was asked
 * by. API Gateway speaks TLS only and routes by that host; plain HTTP is for a stack that runs on somebody's own machine.
 * `undefined` for a request whose host is none, which gateways do not let through.
 */
export function publicUrl(
  request: HttpRequest,
  { publicOrigin }: Pick<OriginSettings, "publicOrigin">,
  path: string,
): URL | undefined {
  const host = request.headers.get("host") ?? "";
  const origin = publicOrigin ?? `${LOOPBACK.test(host) ? "http" : "https"}://${host}`;
  const url = URL.parse(origin);
  if (url === null) return undefined;
  // More than a host would lead the browser elsewhere (`name@`) or swallow the path (`?`).
  const isHost = publicOrigin !== undefined || !/[\s/?#@]/.test(host);
  if (!isHost || url.href !== `${url.origin}/`) return undefined;
  url.pathname = path;
  return url;
}
