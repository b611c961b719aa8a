import { DEVICE_COOKIE, DEVICE_COOKIE_MAX_AGE } from "../src/http/device-cookie.ts";
import { SESSION_COOKIE } from "../src/http/cookie.ts";
import { OIDC_COOKIE } from "../src/api/finish-oidc-login.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../src/api/parts/problem-codes.ts";
import { BASE64URL_32 } from "../src/sessions/token.ts";
import { SECURITY_HEADERS } from "../src/http/reply.ts";
import type { HeaderComponent, Headers } from "../src/api/parts/call.ts";
import type { JsonObject } from "../src/api/parts/json.ts";

const TIME = "[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT";
const ATTRIBUTES = "HttpOnly; Secure; SameSite=Lax";

const SESSION = `${SESSION_COOKIE}=${BASE64URL_32}; Max-Age=\\d+; Path=/; Expires=${TIME}; ${ATTRIBUTES}`;
const DEVICE = `${DEVICE_COOKIE}=${BASE64URL_32}; Max-Age=${DEVICE_COOKIE_MAX_AGE}; Path=/; ${ATTRIBUTES}`;
const SIGN_IN = `${OIDC_COOKIE}=[A-Za-z0-9_-]+; Max-Age=\\d+; Path=/; ${ATTRIBUTES}`;
const cleared = (name: string): string => `${name}=; Max-Age=0; Path=/; Expires=${TIME}; ${ATTRIBUTES}`;

/** Several cookies come as several header lines; the pattern is that of each. */
const cookies = (description: string, required: boolean, ...patterns: string[]): JsonObject => ({
  description,
  required,
  schema: { type: "string", pattern: `^(?:${patterns.join("|")})$` },
});

/** The headers that answers have, by the names of their components. */
export const HEADERS: Readonly<Record<HeaderComponent, JsonObject>> = {
  CacheControl: {
    description: "Nothing may be cached (ASVS 14.3.2).",
    required: true,
    schema: { type: "string", const: SECURITY_HEADERS["Cache-Control"] },
  },
  WwwAuthenticate: {
    description: "It names an error only where a session token came with the call (RFC 6750 section 3).",
    required: true,
    schema: { type: "string", enum: ["Bearer", 'Bearer error="invalid_token"'] },
  },
  RetryAfter: {
    description: "Seconds after which to try again.",
    required: true,
    schema: { type: "string", pattern: "^[1-9]\\d*$" },
  },
  Location: {
    description: "Where to go on.",
    required: true,
    schema: { type: "string", format: "uri-reference" },
  },
  LoginCookies: cookies(
    `\`${SESSION_COOKIE}\`, until the absolute expiry, and \`${DEVICE_COOKIE}\`, which tells devices ` +
      "apart; neither with `deliver: token`.",
    false,
    SESSION,
    DEVICE,
  ),
  ClearedSessionCookie: cookies("The client forgets its token.", true, cleared(SESSION_COOKIE)),
  MaybeClearedSessionCookie: cookies(
    "The client forgets its token, where its session is the one that ended.",
    false,
    cleared(SESSION_COOKIE),
  ),
  SignInCookie: cookies("What the browser keeps of the sign-in until it comes back.", true, SIGN_IN),
  MaybeClearedSignInCookie: cookies("Each sign-in can come back only once.", false, cleared(OIDC_COOKIE)),
  CallbackCookies: cookies(
    `\`${SESSION_COOKIE}\` and \`${DEVICE_COOKIE}\`, as a login sets them; \`${OIDC_COOKIE}\` is cleared.`,
    true,
    SESSION,
    DEVICE,
    cleared(OIDC_COOKIE),
  ),
};

/** The headers of problems with these codes, all of one status. */
export function headersOfProblems(codes: readonly ProblemCode[]): Headers {
  const [status] = codes.map((code) => PROBLEM_STATUS[code] as number);
  return {
    ...(status === 401 && { "WWW-Authenticate": "WwwAuthenticate" }),
    ...((status === 429 || status === 503) && { "Retry-After": "RetryAfter" }),
  };
}
