import { recordSecret } from "./recorder.ts";

/** A request or an answer, as far as secrets travel in it. */
export interface Message {
  readonly url?: string;
  readonly authorization?: string | undefined;
  /** Values of `Cookie`. */
  readonly cookies?: readonly string[];
  /** Values of `Set-Cookie`. */
  readonly setCookies?: readonly string[];
  readonly body?: string | undefined;
}

/** Members of bodies and parameters of URLs that nobody but their owner may see, and what each is. */
const PASSWORDS = ["password"];
const TOKENS = ["token", "idToken", "id_token", "access_token", "nonce", "codeVerifier"];
/**
 * In a body the one is a problem's name, which logs have, and the other nothing of ours but in the sign-in
 * cookie.
 */
const TOKENS_IN_PLACES = { url: ["code", "state"], cookie: ["state"], body: [] } as const;
type Place = keyof typeof TOKENS_IN_PLACES;

/** Remembers every secret of a request. */
export function recordRequest({ url, authorization, cookies = [], body }: Message): void {
  const [, token] = /^bearer +(.*)$/i.exec(authorization ?? "") ?? [];
  if (token !== undefined) recordSecret("presented", token.trim());
  for (const cookie of cookies.flatMap((header) => header.split(";"))) {
    recordCookie("presented", cookie);
  }
  if (url !== undefined && URL.canParse(url)) {
    for (const [name, value] of new URL(url).searchParams) recordMember("presented", "url", name, value);
  }
  recordBody("presented", "body", body);
}

/** Remembers every secret of an answer. */
export function recordAnswer({ setCookies = [], body }: Message): void {
  for (const cookie of setCookies) recordCookie("issued", cookie.split(";")[0] ?? "");
  recordBody("issued", "body", body);
}

type TokenKind = "issued" | "presented";

/** The sign-in cookie's value holds others: state, nonce and verifier, which travel apart too. */
function recordCookie(kind: TokenKind, cookie: string): void {
  const value = cookie.split(/=(.*)/s)[1]?.trim() ?? "";
  recordSecret(kind, value);
  recordBody(kind, "cookie", Buffer.from(value, "base64url").toString());
}

function recordBody(kind: TokenKind, place: Place, body: string | undefined): void {
  const parsed = parse(body);
  if (typeof parsed !== "object" || parsed === null) return;
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === "string") recordMember(kind, place, name, value);
  }
  // Whoever knows a session's channel hears when the session ends.
  const { live } = parsed as { readonly live?: { readonly channel?: unknown } };
  if (typeof live?.channel === "string") recordSecret(kind, live.channel);
}

function recordMember(kind: TokenKind, place: Place, name: string, value: string): void {
  if (PASSWORDS.includes(name)) recordSecret("password", value);
  const here: readonly string[] = TOKENS_IN_PLACES[place];
  if (!TOKENS.includes(name) && !here.includes(name)) return;
  // A JSON Web Token by its parts; the first says no more than the algorithm.
  const [, ...parts] = value.split(".");
  for (const part of parts.length === 2 ? parts : [value]) recordSecret(kind, part);
}

function parse(text: string | undefined): unknown {
  try {
    return text?.startsWith("{") === true ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
