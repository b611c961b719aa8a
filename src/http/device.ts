import bowser from "bowser";
import type { Device, DeviceClass } from "../sessions/session.ts";
import type { HttpRequest } from "./request.ts";

/** Characters kept of a user agent: enough for every browser's, and a session must fit one read unit. */
const LONGEST_USER_AGENT = 256;
const LONGEST_LABEL = 64;
const LONGEST_ADDRESS = 64;
const UNKNOWN = "Unknown device";

/** Device data as a trusted backend hands it on; what it leaves out is made of the user agent. */
export interface GivenDevice {
  readonly label?: string | undefined;
  readonly class?: DeviceClass | undefined;
  readonly userAgent?: string | undefined;
  readonly address?: string | undefined;
}

/** The device a request came from. Nothing of it is trusted: every part is the client's word but the address. */
export function deviceOf({ userAgent, sourceAddress }: HttpRequest): Device {
  return describeDevice({ userAgent, address: sourceAddress });
}

/** A device from what is known of it: label and class by the user agent where they are not given. */
export function describeDevice(given: GivenDevice): Device {
  const userAgent = printable(given.userAgent, LONGEST_USER_AGENT);
  const address = printable(given.address, LONGEST_ADDRESS);
  const read = readUserAgent(userAgent ?? "");
  return {
    label: printable(given.label, LONGEST_LABEL) ?? printable(read.label, LONGEST_LABEL) ?? UNKNOWN,
    class: given.class ?? read.class,
    ...(userAgent !== undefined && { userAgent }),
    ...(address !== undefined && { address }),
  };
}

function readUserAgent(userAgent: string): { label: string; class: DeviceClass } {
  if (userAgent === "") return { label: UNKNOWN, class: "desktop" };
  const { browser, os, platform } = bowser.parse(userAgent);
  const label =
    isNamed(browser.name) && isNamed(os.name)
      ? `${browser.name} on ${os.name}`
      : isNamed(browser.name)
        ? browser.name
        : firstProduct(userAgent);
  // Tablets are held like phones and signed in on beside a computer, so they count as mobile.
  return { label, class: platform.type === "mobile" || platform.type === "tablet" ? "mobile" : "desktop" };
}

/** Bowser says "" as well as undefined of what it does not know. */
const isNamed = (name: string | undefined): name is string => name !== undefined && name !== "";

/** `curl` of `curl/8.4.0` (RFC 9110 section 10.1.5: product tokens come in order of significance). */
function firstProduct(userAgent: string): string {
  return /^[^\s/()]+/.exec(userAgent)?.[0] ?? UNKNOWN;
}

/** Without what could break a line of a log or a terminal, capped; `undefined` where nothing is left. */
function printable(text: string | undefined, longest: number): string | undefined {
  const clean = text?.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").slice(0, longest);
  return clean === undefined || clean.trim() === "" ? undefined : clean.trim().toWellFormed();
}
