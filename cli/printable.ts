/** Control characters, and those that turn the direction of text. */
const OBEYED = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/**
 * What came from outside, as a terminal may show it: what it would obey is written as `\u{1b}` (CWE-150). A
 * user id is what its provider says, and may hold anything.
 */
export const printable = (text: string): string =>
  text.replaceAll(OBEYED, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);

/** The same within quotation marks, for a sentence. */
export const quoted = (text: string): string => printable(JSON.stringify(text));
