import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";

/** Where the lab is, below each host of its own; `/_local/stack` is not the lab's. */
export const LAB_PATH = "/_local";

/**
 * Browsers take each name below `localhost` for this machine, and the last two parts of it for its site:
 * devices below the lab's host are hosts with cookies of their own, and yet of the lab's site, so that
 * `SameSite=Lax` lets their cookies into frames.
 */
const LAB_HOST = "lab.localhost";

/**
 * Each device says of itself what such a browser would: on one machine they would otherwise all have one
 * label.
 */
export const DEVICES = [
  {
    label: "Chrome on Windows",
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
      "Chrome/131.0.0.0 Safari/537.36",
  },
  {
    label: "Safari on iOS",
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
      "Version/18.1 Mobile/15E148 Safari/604.1",
  },
  {
    label: "Firefox on macOS",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:132.0) Gecko/20100101 Firefox/132.0",
  },
  {
    label: "Edge on Windows",
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
      "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
  },
] as const;

/** The lab's own host, one of its devices, or none of its own. */
export type Place =
  | { readonly place: "lab" }
  | { readonly place: "device"; readonly device: number }
  | { readonly place: "elsewhere" };

const withPort = (host: string, port: number): string => (port === 80 ? host : `${host}:${port}`);

/** `http://lab.localhost:3000` */
export const labOrigin = (port: number): string => `http://${withPort(LAB_HOST, port)}`;

/** `http://d1.lab.localhost:3000` is the first one's, which is 0. */
export const deviceOrigin = (device: number, port: number): string =>
  `http://${withPort(`d${device + 1}.${LAB_HOST}`, port)}`;

/** Whose request it is by its `Host`, which no page can forge. */
export function placeOf(request: GatewayRequest, port: number): Place {
  const origin = `http://${headerValues(request, "host")[0] ?? ""}`;
  if (origin === labOrigin(port)) return { place: "lab" };
  const device = DEVICES.findIndex((_, index) => deviceOrigin(index, port) === origin);
  return device < 0 ? { place: "elsewhere" } : { place: "device", device };
}

const LOOPBACK = ["127.0.0.1", "::1"];

/** Names of this machine at which the way to the lab is shown. */
export function isThisMachine(request: GatewayRequest, port: number): boolean {
  const hosts = ["localhost", "127.0.0.1", "[::1]"].map((host) => withPort(host, port));
  return hosts.includes(headerValues(request, "host")[0] ?? "");
}

/**
 * Whether what the lab can do may be done for a request to one of its hosts: from this machine, and by a page
 * of that same host. A page elsewhere can send requests here, and can have its own name lead here; it can
 * forge neither `Host` nor `Origin`.
 */
export function isOwnPage(request: GatewayRequest): boolean {
  const [host] = headerValues(request, "host");
  const [origin] = headerValues(request, "origin");
  const [site] = headerValues(request, "sec-fetch-site");
  if (!LOOPBACK.includes(request.sourceIp)) return false;
  if (site !== undefined && site !== "same-origin") return false;
  // Browsers say the origin with everything but what only reads.
  return origin === undefined ? request.method === "GET" : origin === `http://${host ?? ""}`;
}
