import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { DeviceId } from "../sessions/session.ts";
import { canonicalUserName } from "./user-name.ts";

/**
 * Names of counters and devices in the sign-in table. What came from outside is in them as its SHA-256 only:
 * people type passwords where a user name belongs, and addresses are personal data. No salt and no slow hash:
 * a reader of the table can test a guess, but the item tells no more than that somebody typed it, and is
 * gone within a day or, for a device, a year. The hash also gives every name the same length and no
 * separator.
 */

/** The user name as the password directory compares it. */
export const userSubject = (userName: string): string => `user#${hashOf(canonicalUserName(userName))}`;

/** The network an address stands for; requests without an address share one. */
export const addressSubject = (address: string | undefined): string =>
  `address#${hashOf(address === undefined ? "unknown" : networkOf(address))}`;

/** One device of one user: to another user the same device is unknown. */
export const deviceSubject = (userName: string, device: DeviceId): string =>
  `${devicesPrefix(userName)}${device}`;

/** What the {@link deviceSubject} of every device of a user begins with. */
export const devicesPrefix = (userName: string): string => `${hashOf(canonicalUserName(userName))}#`;

/** The counter of a device that the user has signed in on. */
export const deviceFailures = (subject: string): string => `device#${subject}`;

const GROUPS = 8;
const GROUPS_OF_A_NETWORK = 4;
const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * An IPv6 address by its /64, which is the least a subscriber gets (RFC 6177): one host has 2^64 of them to
 * try from. An IPv4 address stands for itself, also where it comes mapped into IPv6 (RFC 4291 section
 * 2.5.5.2).
 */
export function networkOf(address: string): string {
  const [withoutZone = ""] = address.split("%");
  if (!isIPv6(withoutZone)) return address;
  // WHATWG URLs have the canonical form (RFC 5952), in brackets.
  const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const mapped = IPV4_MAPPED.exec(canonical);
  if (mapped !== null) {
    const bytes = Buffer.from(
      [mapped[1], mapped[2]].map((group = "") => group.padStart(4, "0")).join(""),
      "hex",
    );
    return bytes.join(".");
  }
  const [head = [], tail] = canonical
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const filled =
    tail === undefined
      ? head
      : [...head, ...Array<string>(GROUPS - head.length - tail.length).fill("0"), ...tail];
  return `${filled.slice(0, GROUPS_OF_A_NETWORK).join(":")}::/64`;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");
