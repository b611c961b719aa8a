import bowser from "bowser";
import type { DeviceClass } from "../sessions/session.ts";
import { EMBEDDING_APPS, GENERIC_NAMES, MOBILE_STACKS, PLAIN_NAMES } from "./http-stacks.ts";

/**
 * Client hints as browsers send them unasked (User-Agent Client Hints, low entropy): `Sec-CH-UA` and its two
 * companions.
 */
export interface ClientHints {
  readonly brands?: string | undefined;
  readonly platform?: string | undefined;
  readonly mobile?: string | undefined;
}

interface Reading {
  readonly label: string | undefined;
  readonly class: DeviceClass;
}

/** What a client is: a name ("Chrome", "MyBank"), an operating system, and whether it is held in the hand. */
interface Client {
  readonly name: string | undefined;
  readonly os: string | undefined;
  readonly isMobile: boolean;
}

/** Tablets and watches are held like phones and signed in on beside a computer, so they count as mobile. */
const MOBILE_SYSTEMS: readonly (string | undefined)[] = ["Android", "iOS", "iPadOS", "watchOS", "visionOS"];

/**
 * Label and class of a client, by its user agent and hints. Each expression here takes time linear in the
 * text, or at most quadratic; the caller bounds the text.
 *
 * Safari of an iPad says that it is a Mac unless people ask for mobile pages: nothing tells it from one.
 */
export function readUserAgent(userAgent: string, hints: ClientHints): Reading {
  const read = userAgent.startsWith("Mozilla/") ? readBrowser(userAgent, hints) : readApp(userAgent);
  const platform = /^"?([\w ]{1,32})"?$/.exec(hints.platform ?? "")?.[1];
  const os = platform === undefined || platform === "Unknown" ? read.os : platform;
  const name = read.name ?? (os === undefined ? undefined : "Browser");
  return {
    label: name !== undefined && os !== undefined ? `${name} on ${os}` : name,
    class: isMobile(read, platform, hints.mobile) ? "mobile" : "desktop",
  };
}

/** A tablet with Android says `?0`, and is one of the mobile all the same. */
function isMobile(read: Client, platform: string | undefined, hint: string | undefined): boolean {
  if (MOBILE_SYSTEMS.includes(platform)) return true;
  if (hint === "?1") return true;
  return hint === "?0" && !MOBILE_SYSTEMS.includes(read.os) ? false : read.isMobile;
}

/** A browser, or a page within an app: everything whose user agent begins as Netscape's did. */
function readBrowser(userAgent: string, hints: ClientHints): Client {
  const { browser, os, platform } = bowser.parse(userAgent);
  const system = platform.model === "iPad" ? "iPadOS" : named(os.name);
  return {
    name:
      embeddingApp(userAgent) ?? browserName(userAgent, named(browser.name), system, brandIn(hints.brands)),
    os: system,
    isMobile: platform.type === "mobile" || platform.type === "tablet",
  };
}

const embeddingApp = (userAgent: string): string | undefined =>
  EMBEDDING_APPS.find(([pattern]) => pattern.test(userAgent))?.[1];

function browserName(
  userAgent: string,
  bowserName: string | undefined,
  os: string | undefined,
  brand: string | undefined,
): string | undefined {
  if (bowserName === "Electron") return ownProduct(userAgent) ?? "Electron";
  if (isWebView(userAgent, os) || /webview/i.test(brand ?? "")) return ownProduct(userAgent) ?? "App";
  if (brand !== undefined) return brand;
  if (bowserName === undefined || bowserName === "Mozilla") return ownProduct(userAgent);
  // Android's own name for what an app gives no better one.
  return bowserName.replace(/ for Android$/, "");
}

/**
 * Android says `wv`. Apple's browsers end with `Safari/`, which its WebViews leave out, and so do pages on
 * the home screen.
 */
function isWebView(userAgent: string, os: string | undefined): boolean {
  if (/;\s?wv\)/.test(userAgent)) return true;
  const isApple = os === "iOS" || os === "iPadOS" || os === "macOS";
  return isApple && userAgent.includes("AppleWebKit/") && !userAgent.includes("Safari/");
}

/** Products that say nothing of the app itself. */
const ENGINES =
  /^(Mozilla|AppleWebKit|Gecko|KHTML|Chrome|Chromium|Safari|Version|Mobile|Electron|Build|Edg|Firefox)$/i;

/** The first product of a browser's user agent that is no engine: an app appends its own. */
function ownProduct(userAgent: string): string | undefined {
  const products = userAgent.replace(/\([^()]*\)/g, " ").matchAll(/(?<=^|\s)([A-Za-z][\w.-]*)\/\d/g);
  return [...products].map(([, name]) => name).find((name) => name !== undefined && !ENGINES.test(name));
}

/** The browser's own brand, among one that stands for the engine and one that is there to be ignored. */
function brandIn(brands: string | undefined): string | undefined {
  const all = [...(brands ?? "").matchAll(/"([^"]{1,64})"\s*;\s*v=/g)].map(([, brand]) => brand);
  const own = all.find(
    (brand) => brand !== undefined && brand !== "Chromium" && !/not.?a.?brand/i.test(brand),
  );
  return own === "Google Chrome" ? "Chrome" : own;
}

/** A program of its own: `MyBank/7 CFNetwork/1494 Darwin/23.4.0`, `okhttp/4.12.0`, `curl/8.4.0`. */
function readApp(userAgent: string): Client {
  const os = systemOf(userAgent);
  const product = firstProduct(userAgent);
  const stack = PLAIN_NAMES.get(product?.toLowerCase() ?? "");
  const isGeneric = product === undefined || GENERIC_NAMES.test(product);
  const name = stack ?? (isGeneric && os !== undefined ? "App" : product);
  const knowsNoSystem = os === undefined && MOBILE_STACKS.test(userAgent);
  return { name, os, isMobile: MOBILE_SYSTEMS.includes(os) || knowsNoSystem };
}

/**
 * Words by which programs name the system, the more telling ones first: an iPhone's says "like Mac OS X" too.
 */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPad(OS)?\b/, "iPadOS"],
  [/\bwatchOS\b/i, "watchOS"],
  [/\btvOS\b/i, "tvOS"],
  [/\bvisionOS\b/i, "visionOS"],
  [/\biPhone\b|\biPod\b|\biOS\b/, "iOS"],
  [/\bAndroid\b/i, "Android"],
  [/\bmacOS\b|\bMac ?OS ?X\b|\bMacintosh\b/i, "macOS"],
  [/\bWindows\b/i, "Windows"],
  // Android's own stacks, which name nothing else.
  [/\bokhttp\b|\bDalvik\/|\bCronet\/|Apache-HttpClient\/UNAVAILABLE/i, "Android"],
  // An Intel Mac's adds its processor.
  [/\bDarwin\/[\d.]+ \((x86_64|arm64|i386)\)/, "macOS"],
  [/\bCFNetwork\/|\bDarwin\//, "iOS"],
  [/\bLinux\b|\bX11\b/i, "Linux"],
];

const systemOf = (userAgent: string): string | undefined =>
  SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];

/**
 * `curl` of `curl/8.4.0` (RFC 9110 section 10.1.5: product tokens come in order of significance). Apple's
 * systems put the app's name there as it is, spaces or their escapes with it.
 */
function firstProduct(userAgent: string): string | undefined {
  const product = /^[^/()]{1,64}(?=\/v?\d)/.exec(userAgent)?.[0] ?? /^[^\s/()]+/.exec(userAgent)?.[0];
  try {
    return product === undefined ? undefined : decodeURIComponent(product);
  } catch {
    return product;
  }
}

/** Bowser says "" as well as undefined of what it does not know. */
const named = (name: string | undefined): string | undefined => (name === "" ? undefined : name);
