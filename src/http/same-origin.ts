import { problem, type Problem } from "./problem.ts";
import type { HttpHeaders } from "./request.ts";

/** Which other origins may make state-changing calls (design section 5). */
export interface OriginSettings {
  /** Exact origins: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** The base URL people see, where it is not the host the API is asked by; only its origin counts here. */
  readonly publicOrigin?: string;
}

/**
 * Refuses what a page of a foreign origin makes a browser send (ASVS 3.5.1, design section 6):
 * `Sec-Fetch-Site` decides, where a browser is too old for it `Origin`; a client that sends neither is no
 * browser, and carries no stranger's cookie.
 */
export function crossOriginProblem(request: HttpHeaders, settings: OriginSettings): Problem | undefined {
  const origin = request.headers.get("origin");
  if (origin !== undefined && isTrusted(origin, settings)) return undefined;
  const site = request.headers.get("sec-fetch-site");
  if (site !== undefined) {
    // `none`: the person's own doing (a bookmark, the address bar), no page's.
    return site === "same-origin" || site === "none" ? undefined : refusal(origin);
  }
  if (origin === undefined || isOwnHost(origin, request, settings)) return undefined;
  return refusal(origin);
}

function isTrusted(origin: string, { allowedOrigins, publicOrigin }: OriginSettings): boolean {
  const own = publicOrigin === undefined ? undefined : new URL(publicOrigin).origin;
  return origin === own || allowedOrigins.includes(origin);
}

/**
 * A page cannot forge `Host`, which is compared without the scheme: behind a proxy that ends TLS the function
 * does not learn it. A given public origin stands in place of the host.
 */
function isOwnHost(origin: string, request: HttpHeaders, { publicOrigin }: OriginSettings): boolean {
  const host = request.headers.get("host");
  const page = URL.parse(origin);
  if (publicOrigin !== undefined || host === undefined || page === null) return false;
  if (page.protocol !== "https:" && page.protocol !== "http:") return false;
  return URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

function refusal(origin: string | undefined): Problem {
  const found = origin === undefined ? "a page of another origin" : JSON.stringify(origin.slice(0, 200));
  return problem("cross_origin", {
    detail: `This call came from ${found}; accepted are the API's own origin and the setting allowedOrigins.`,
  });
}
