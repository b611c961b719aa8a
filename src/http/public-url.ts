import type { HttpRequest } from "./request.ts";
import type { OriginSettings } from "./same-origin.ts";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A path of the API as people's browsers reach it: on the public origin where one is set, else on the host that the API was asked
 * by. API Gateway speaks TLS only and routes by that host; plain HTTP is for a stack that runs on somebody's own machine.
 * @throws TypeError for a request without a host, which no gateway lets through.
 */
export function publicUrl(
  request: HttpRequest,
  { publicOrigin }: Pick<OriginSettings, "publicOrigin">,
  path: string,
): URL {
  const host = request.headers.get("host") ?? "";
  const origin = publicOrigin ?? `${LOOPBACK.test(host) ? "http" : "https"}://${host}`;
  const url = new URL(origin);
  url.pathname = path;
  return url;
}
