import { parseCookie, stringifySetCookie, type SetCookie } from "cookie";
import * as z from "zod/mini";
import { OIDC_COOKIE } from "../api/finish-oidc-login.ts";
import { fields } from "../api/parts/fields.ts";
import { IS_BASE64URL_32 } from "../sessions/token.ts";
import type { HttpRequest } from "./request.ts";

/** Seconds that a person has for signing in at the provider. */
const MAX_AGE_SECONDS = 10 * 60;

const TEXT = z.string();
/** Whatever else comes is not ours, and would be a fault of the flow's. */
const SECRET = z.string().check(z.regex(IS_BASE64URL_32));
const SIGN_IN = fields({
  state: SECRET,
  nonce: SECRET,
  codeVerifier: SECRET,
  source: TEXT,
  returnTo: TEXT,
  takeover: z.boolean(),
});

/** A sign-in under way at a provider. */
export interface SignInUnderWay {
  /** The source's name. */
  readonly source: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** To be checked again when it is read. */
  readonly returnTo: string;
  /** Whether the person, asked at the session limit, wants the other sessions to end. */
  readonly takeover: boolean;
}

const ATTRIBUTES = {
  name: OIDC_COOKIE,
  path: "/",
  secure: true,
  httpOnly: true,
  // Not `strict`: the provider's redirect back is a navigation from another site.
  sameSite: "lax",
} as const satisfies Partial<SetCookie>;

/**
 * The `Set-Cookie` value that keeps a sign-in in the browser that began it. Neither signed nor encrypted: all
 * of it is that browser's own. Who changes the own state, nonce or verifier fails only the own sign-in, and
 * `returnTo` is checked when it is read; others can neither read nor set it.
 */
export function signInCookie(signIn: SignInUnderWay): string {
  const value = Buffer.from(JSON.stringify(signIn)).toString("base64url");
  return stringifySetCookie({ ...ATTRIBUTES, value, maxAge: MAX_AGE_SECONDS });
}

/** The `Set-Cookie` value that ends it: each sign-in comes back once. */
export function clearedSignInCookie(): string {
  return stringifySetCookie({ ...ATTRIBUTES, value: "", maxAge: 0, expires: new Date(0) });
}

/** The sign-in that a request's cookie holds, or `undefined` without such a cookie. */
export function signInOf(request: HttpRequest): SignInUnderWay | undefined {
  const header = request.headers.get("cookie");
  const value = header === undefined ? undefined : parseCookie(header)[OIDC_COOKIE];
  if (value === undefined) return undefined;
  try {
    const read = SIGN_IN.safeParse(JSON.parse(Buffer.from(value, "base64url").toString()));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
