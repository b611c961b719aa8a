import { cut, DEVICE_CAPS } from "../sessions/device.ts";
import type { Device, DeviceClass } from "../sessions/session.ts";
import type { HttpRequest } from "./request.ts";
import { readUserAgent, type ClientHints } from "./user-agent.ts";

/**
 * Read before it is cut to what is stored: what tells a browser from another stands at the end of a user
 * agent.
 */
const LONGEST_READ = 2048;
const LONGEST_HINT = 512;

/** Device data as a trusted backend hands it on; what it leaves out is made of the user agent. */
export interface GivenDevice {
  readonly label?: string | undefined;
  readonly class?: DeviceClass | undefined;
  readonly userAgent?: string | undefined;
  readonly address?: string | undefined;
}

/** What a client may say of itself at `POST /login`: its own word, as the user agent is. */
export type StatedDevice = Pick<GivenDevice, "label" | "class">;

/**
 * The device a request came from. Nothing of it is trusted: every part is the client's word but the address.
 */
export function deviceOf(request: HttpRequest, { label, class: stated }: StatedDevice = {}): Device {
  const { headers, userAgent, sourceAddress } = request;
  const hint = (name: string) => printable(headers.get(name), LONGEST_HINT);
  return describeDevice(
    { label, class: stated, userAgent, address: sourceAddress },
    { brands: hint("sec-ch-ua"), platform: hint("sec-ch-ua-platform"), mobile: hint("sec-ch-ua-mobile") },
  );
}

/**
 * A device from what is known of it: label and class by client hints and user agent where they are not given.
 */
export function describeDevice(given: GivenDevice, hints: ClientHints = {}): Device {
  const { label, userAgent, address } = DEVICE_CAPS;
  const sent = printable(given.userAgent, LONGEST_READ);
  const read = readUserAgent(sent ?? "", hints);
  const stored = printable(sent, userAgent);
  const from = printable(given.address, address);
  return {
    label: printable(given.label, label) ?? printable(read.label, label) ?? "Unknown device",
    class: given.class ?? read.class,
    ...(stored !== undefined && { userAgent: stored }),
    ...(from !== undefined && { address: from }),
  };
}

/** Removes control characters and truncates; `undefined` if nothing remains. */
function printable(text: string | undefined, longest: number): string | undefined {
  const clean = cut(text?.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim() ?? "", longest).trim();
  return clean === "" ? undefined : clean;
}
