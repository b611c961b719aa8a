import type { PayloadFormat } from "./request.ts";

/** What an endpoint answers, before it is put into the gateway's payload format. */
export interface Reply {
  readonly status: number;
  /** Goes out as JSON. */
  readonly body?: object;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[];
}

/** 200 with a JSON body; handlers say by `satisfies` that it is as the contract of the call has it. */
export const ok = (body: object): Reply => ({ status: 200, body });

/** 201 with a JSON body. */
export const created = (body: object): Reply => ({ status: 201, body });

/** 202 with a JSON body: it has begun, and goes on. */
export const accepted = (body: object): Reply => ({ status: 202, body });

/** 204. */
export const noContent = (): Reply => ({ status: 204 });

/** 303: the browser goes on to `location` with a GET (RFC 9110 section 15.4.4). */
export const seeOther = (location: string): Reply => ({ status: 303, headers: { Location: location } });

/** The same reply with one more cookie. */
export function withCookie(reply: Reply, cookie: string): Reply {
  return { ...reply, cookies: [...(reply.cookies ?? []), cookie] };
}

/**
 * Headers of every answer. Nothing here may be cached (ASVS 14.3.2), framed, sniffed or run; HSTS names no
 * subdomains, since the host may be somebody's own (OWASP REST Security Cheat Sheet).
 */
export const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const;

/** A proxy response in one of the gateway's payload formats. */
export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Format 2.0. */
  readonly cookies?: readonly string[];
  /** Format 1.0. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/**
 * A reply as the gateway wants it: with the security headers, and its cookies where the payload format has
 * them.
 */
export function toGatewayResponse(reply: Reply, format: PayloadFormat): GatewayResponse {
  const cookies = reply.cookies ?? [];
  return {
    statusCode: reply.status,
    headers: {
      ...SECURITY_HEADERS,
      ...(reply.body !== undefined && { "Content-Type": reply.contentType ?? "application/json" }),
      ...reply.headers,
    },
    ...(cookies.length > 0 &&
      (format === "2.0" ? { cookies } : { multiValueHeaders: { "Set-Cookie": cookies } })),
    body: reply.body === undefined ? "" : JSON.stringify(reply.body),
    isBase64Encoded: false,
  };
}
