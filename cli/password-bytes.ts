/** A password as it came from a file or a pipe. */
export type PasswordReading =
  | { readonly outcome: "password"; readonly password: string }
  /** A sentence for people, without any password in it. */
  | { readonly outcome: "refused"; readonly problem: string };

/** More than any password of 256 characters takes, in any encoding, with a byte-order mark and a line end. */
export const MOST_PASSWORD_BYTES = 4096;

const ACCEPTED = "Send one line, as UTF-8 (or UTF-16 with a byte-order mark).";
const LINE_END = /\r\n|\r|\n/;
const LAST_LINE_END = /(\r\n|\r|\n)$/;

/**
 * The password in the bytes of standard input. Editors and shells add what is no part of it: a byte-order
 * mark, one line end (LF, CRLF or CR), and on Windows PowerShell UTF-16. All else is the password as it is,
 * white space too.
 */
export function passwordIn(bytes: Uint8Array): PasswordReading {
  if (bytes.length > MOST_PASSWORD_BYTES) {
    return refused(`Standard input has more than ${MOST_PASSWORD_BYTES} bytes. A password has fewer.`);
  }
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refused(`The password on standard input is not valid ${encoding.toUpperCase()}.`);
  }
  // Two where a file that begins with one went through a pipe that writes one.
  const password = text.replace(/^\uFEFF+/, "").replace(LAST_LINE_END, "");
  if (password === "") return refused("No password on standard input.");
  if (password.includes("\0")) {
    return refused("The password on standard input has a NUL character, as UTF-16 without a mark has.");
  }
  if (LINE_END.test(password)) return refused("Standard input has more than one line.");
  return { outcome: "password", password };
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

const refused = (problem: string): PasswordReading => ({
  outcome: "refused",
  problem: `${problem} ${ACCEPTED}`,
});
