import { FetchError, JwtBaseError } from "aws-jwt-verify/error";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import { SimpleJwksCache, type JwksCache } from "aws-jwt-verify/jwk";
import { supportedSignatureAlgorithms } from "aws-jwt-verify/jwt-verifier";
import type { TokenRefusal } from "./token-refusal.ts";

/** What id tokens and access tokens share: JSON Web Tokens signed by a provider (RFC 7519, RFC 8725). */

/** How far the provider's clock may be off ours, in milliseconds. */
export const CLOCK_LEEWAY_MS = 30_000;

/** A token's payload, or its header. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The content of a token that nobody has verified: it may choose who verifies it, and decides nothing else.
 */
export interface UnverifiedToken {
  readonly header: Claims;
  readonly claims: Claims;
}

export interface RefusedToken {
  readonly outcome: "refused";
  readonly reason: TokenRefusal;
}

export const refused = (reason: TokenRefusal): RefusedToken => ({ outcome: "refused", reason });

/** The content of a token, or why it cannot be one that anybody vouches for: that needs no key. */
export function readToken(token: string): ({ readonly outcome: "read" } & UnverifiedToken) | RefusedToken {
  const hasSignature = !token.endsWith(".");
  try {
    // An unsigned token ends with a dot (RFC 7515 appendix A.5), which the library takes for no token at all.
    const { header, payload } = decomposeUnverifiedJwt(hasSignature ? token : `${token}AA`);
    if (!supportedSignatureAlgorithms.some((known) => known === header.alg)) {
      return refused("algorithm-not-allowed");
    }
    if (!hasSignature) return refused("bad-signature");
    if (header.kid === undefined || header.kid === "") return refused("no-key-id");
    return { outcome: "read", header: { ...header }, claims: { ...payload } };
  } catch {
    return refused("malformed");
  }
}

/**
 * A claim that is text with something in it. The name is that of a top-level claim, whatever dots and slashes
 * it has.
 */
export function textClaim(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A provider that withdraws a key expects that to count before our execution environment happens to end. */
const KEYS_KEPT_MS = 60 * 60_000;

/** Where the keys of providers come from. */
export interface KeyDependencies {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Fetched over TLS unless given. */
  readonly newJwksCache?: (() => JwksCache) | undefined;
}

/** Where keys are had from in one's own way, what goes wrong is no error of the library's. */
function givingReasons(cache: JwksCache): JwksCache {
  const told = <T>(uri: string, asked: Promise<T>): Promise<T> =>
    asked.catch((cause: unknown) => {
      throw cause instanceof JwtBaseError ? cause : new FetchError(uri, cause);
    });
  return {
    getJwks: (uri) => told(uri, cache.getJwks(uri)),
    getJwk: (uri, header) => told(uri, cache.getJwk(uri, header)),
    getCachedJwk: (...given) => cache.getCachedJwk(...given),
    addJwks: (...given) => cache.addJwks(...given),
  };
}

/**
 * What is made over the keys of providers, by its name, and renewed each hour. Keys are fetched when first
 * needed, and again for an unknown key id.
 */
export function renewedHourly<T>(
  { clock, newJwksCache = () => new SimpleJwksCache() }: KeyDependencies,
  make: (jwksCache: JwksCache) => ReadonlyMap<string, T>,
): (name: string) => T {
  let made: ReadonlyMap<string, T> | undefined;
  let madeAt = 0;
  return (name) => {
    if (made === undefined || clock() - madeAt > KEYS_KEPT_MS) {
      made = make(givingReasons(newJwksCache()));
      madeAt = clock();
    }
    const found = made.get(name);
    if (found === undefined) throw new Error(`no verifier for the source ${name}`);
    return found;
  };
}
