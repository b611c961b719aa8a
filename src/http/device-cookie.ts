import { createHash } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import type { DeviceId } from "../sessions/session.ts";
import { IS_BASE64URL_32, type RandomBytes } from "../sessions/token.ts";
import type { HttpRequest } from "./request.ts";

/**
 * `__Host-` for the reason the session cookie has it: no sibling host can plant one (RFC 6265bis section
 * 4.1.3).
 */
export const DEVICE_COOKIE = "__Host-device";

/**
 * Seconds: a year, refreshed at each login. Browsers keep nothing for longer than 400 days (RFC 6265bis
 * section 5.5).
 */
export const DEVICE_COOKIE_MAX_AGE = 365 * 24 * 60 * 60;

const VALUE_BYTES = 32;

/** The device that a login's answer names in its cookie. */
export interface PresentedDevice {
  readonly id: DeviceId;
  /** The `Set-Cookie` value: it keeps or gives the device its 256 random bits for a year. Never log it. */
  readonly cookie: string;
  /** Whether the request had no device cookie of ours. */
  readonly isNew: boolean;
}

/**
 * The device that a request's cookie names, or `undefined` without such a cookie. The device need not be
 * known.
 */
export function deviceIdOf(request: HttpRequest): DeviceId | undefined {
  const value = deviceCookieOf(request);
  return value === undefined ? undefined : toDeviceId(value);
}

/** The request's device, or a new one, with the cookie that makes the client keep it. */
export function presentedDevice(request: HttpRequest, random: RandomBytes): PresentedDevice {
  const known = deviceCookieOf(request);
  const value = known ?? Buffer.from(random(VALUE_BYTES)).toString("base64url");
  return { id: toDeviceId(value), cookie: deviceCookie(value), isNew: known === undefined };
}

function deviceCookieOf(request: HttpRequest): string | undefined {
  const header = request.headers.get("cookie");
  const value = header === undefined ? undefined : parseCookie(header)[DEVICE_COOKIE];
  return value !== undefined && IS_BASE64URL_32.test(value) ? value : undefined;
}

/** The device of a cookie's value. 256 random bits need no salt and no slow hash: nobody can try them all. */
export const toDeviceId = (value: string): DeviceId =>
  createHash("sha256").update(value).digest("base64url") as DeviceId;

const deviceCookie = (value: string): string =>
  stringifySetCookie({
    name: DEVICE_COOKIE,
    value,
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    maxAge: DEVICE_COOKIE_MAX_AGE,
  });
