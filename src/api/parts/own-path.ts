/**
 * Characters, also in the form that browsers give it: the way back rides in a cookie, of which browsers keep
 * 4 KB.
 */
const LONGEST_PATH = 1024;
const NOWHERE = "https://nowhere.invalid";

/** For messages: what {@link ownPath} takes. */
export const ACCEPTED_PATH =
  `a path of this host, such as /app?tab=1, of at most ${LONGEST_PATH} characters ` +
  "as a browser writes it";

/**
 * The path, query and fragment of `text` in the form that browsers give them, or `undefined` where it could
 * lead to another host (ASVS 3.7.2; OWASP Unvalidated Redirects and Forwards Cheat Sheet). Browsers take a
 * backslash for a slash, and drop tabs and line breaks; `//` begins a host; and `/..//` becomes `//`.
 */
export function ownPath(text: string): string | undefined {
  if (text.length > LONGEST_PATH || !/^\/(?!\/)[^\\\p{Cc}]*$/u.test(text)) return undefined;
  const url = URL.parse(text, NOWHERE);
  if (url?.origin !== NOWHERE || url.pathname.startsWith("//")) return undefined;
  const path = url.pathname + url.search + url.hash;
  return path.length > LONGEST_PATH ? undefined : path;
}
