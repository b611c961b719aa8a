import { Token } from "aws-cdk-lib";
import { isWebOrigin } from "../../src/runtime/function-settings.ts";
import { awaitsLookup, forReading, lookupHost, withStandIns } from "../deploy-time.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";

export const ACCEPTED_ALLOWED_ORIGIN =
  "an exact origin such as https://app.example.com or https://app.example.com:8443, or an app's such as " +
  "capacitor://localhost; lower case, without a path, a wildcard or a default port; http:// only for " +
  "localhost and names below it; never null or file://, which pages of anybody have";

const LOOPBACK_HOST = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * A scheme of an app's own (Capacitor, Ionic, Tauri, Electron, browser extensions) with a host: WHATWG's
 * `URL` gives no origin for it (`"null"`), so its text is looked at. Hosts such as `.` and `-` are
 * Electron's.
 */
const APP_ORIGIN = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/[a-z0-9._~-]+(:[1-9]\d{0,4})?$/;

/** Schemes whose pages have the opaque origin `null`, come from anybody, or are no pages. */
const NEVER = new Set(
  (
    "about blob cid content data filesystem file ftp intent javascript mailto mhtml null resource tel " +
    "urn vbscript view-source ws wss"
  ).split(" "),
);

/**
 * An origin that may make state-changing calls, exactly as its pages send it in `Origin` (RFC 6454, section
 * 6.2): the same-origin rule compares it as text.
 * @throws {@link SettingError}
 */
export function toAllowedOrigin(given: GivenSetting): string {
  const { value } = given;
  if (typeof value !== "string") throw SettingError.forValue(given, ACCEPTED_ALLOWED_ORIGIN);
  if (awaitsLookup(value)) return `https://${lookupHost(value)}`;
  const checked = withStandIns(value);
  const isOrigin = /^https?:/i.test(checked) ? isExactWebOrigin(checked) : isAppOrigin(checked);
  if (!isOrigin) throw SettingError.forValue({ ...given, value: forReading(value) }, ACCEPTED_ALLOWED_ORIGIN);
  return value;
}

function isExactWebOrigin(value: string): boolean {
  if (value.includes("*") || !URL.canParse(value)) return false;
  const { origin, protocol, hostname } = new URL(value);
  return origin === value && (protocol === "https:" || LOOPBACK_HOST.test(hostname));
}

function isAppOrigin(value: string): boolean {
  const scheme = APP_ORIGIN.exec(value)?.groups?.["scheme"];
  return scheme !== undefined && !NEVER.has(scheme);
}

/**
 * Whether the functions must answer CORS: an HTTP API's own takes origins with http and https only, and a
 * deployment with another one fails ("Invalid format for origin").
 */
export const needsOwnCors = (allowedOrigins: readonly string[]): boolean =>
  !Token.isUnresolved(allowedOrigins) && allowedOrigins.some((origin) => !isWebOrigin(withStandIns(origin)));
