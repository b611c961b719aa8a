import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import type { SessionToken } from "../sessions/token.ts";
import type { HttpHeaders } from "./request.ts";

/**
 * The `__Host-` prefix makes browsers refuse the cookie unless it is `Secure`, for the whole host and without
 * a domain, so that no sibling host can plant one (RFC 6265bis section 4.1.3; ASVS 3.3.1, 3.3.3).
 */
export const SESSION_COOKIE = "__Host-session";

const ATTRIBUTES = {
  name: SESSION_COOKIE,
  path: "/",
  secure: true,
  httpOnly: true,
  sameSite: "lax",
} as const satisfies Partial<SetCookie>;

/** What the session cookie of a request holds, or `undefined` where there is none. */
export function sessionCookieOf(request: HttpHeaders): string | undefined {
  const header = request.headers.get("cookie");
  return header === undefined ? undefined : parseCookie(header)[SESSION_COOKIE];
}

/** The `Set-Cookie` value that gives a client its token until the absolute expiry (epoch milliseconds). */
export function sessionCookie(token: SessionToken, expiresAt: number, now: number): string {
  return stringifySetCookie({
    ...ATTRIBUTES,
    value: token.reveal(),
    maxAge: Math.max(0, Math.floor((expiresAt - now) / 1000)),
    expires: new Date(expiresAt),
  });
}

/** The `Set-Cookie` value that makes a client forget its token. */
export function clearedSessionCookie(): string {
  return stringifySetCookie({ ...ATTRIBUTES, value: "", maxAge: 0, expires: new Date(0) });
}
