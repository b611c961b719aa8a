import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { cut } from "../sessions/device.ts";
import type { SeenPlace } from "../sessions/places.ts";
import type { Place } from "../sessions/session.ts";
import { describeDevice } from "./device.ts";
import type { HttpHeaders } from "./request.ts";

/** What a request tells of its place. */
export interface PlaceSource {
  readonly userAgent?: string | undefined;
  readonly sourceAddress?: string | undefined;
}

/** With the other members of a session's item, two of them stay within one read unit. */
const LONGEST_LABEL = 40;

/**
 * Servers that pass a person's token on and say nothing of the person's client: JavaScript's own stacks, and
 * a CDN that was not told to forward the user agent.
 */
const SERVERS = /^(node|node\.js|node-fetch|undici|axios|got|deno|bun|next\.js|amazon cloudfront)\b/i;

/**
 * From where a request comes; `undefined` where it does not say. The label is that of the user agent alone: a
 * stated one is of the login only, and client hints are not on every request of a browser (WebSocket).
 */
export function placeOf({ userAgent, sourceAddress }: PlaceSource): Place | undefined {
  if (userAgent === undefined || userAgent === "" || SERVERS.test(userAgent)) return undefined;
  const { label, class: deviceClass } = describeDevice({ userAgent });
  const network = sourceAddress === undefined ? undefined : networkOf(sourceAddress);
  return { label: cut(label, LONGEST_LABEL), class: deviceClass, ...(network !== undefined && { network }) };
}

/**
 * From where a request with a token comes, told when it is asked: a session that was touched a moment ago
 * need not know it, and reading a user agent takes some 20 µs.
 */
export const seenFrom =
  (request: HttpHeaders & PlaceSource, by: SeenPlace["by"]) => (): SeenPlace | undefined => {
    const place = placeOf({ ...request, userAgent: request.userAgent ?? request.headers.get("user-agent") });
    return place && { ...place, by };
  };

/** `192.0.2.0/24`, `2001:db8::/48`: about what one line is given; `undefined` for what is no address. */
export function networkOf(address: string): string | undefined {
  if (isIP(address) === 0) return undefined;
  const parsed = ipaddr.process(address);
  const kept = parsed.kind() === "ipv4" ? 3 : 6;
  const bytes = parsed.toByteArray().map((byte, index) => (index < kept ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${kept * 8}`;
}
