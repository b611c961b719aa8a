import { expect, test } from "vitest";
import { passwordIn } from "../../cli/password-bytes.ts";

const PASSWORD = "correct hörse battery";
const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");
const utf16le = (text: string): Buffer => Buffer.from(text, "utf16le");
const utf16be = (text: string): Buffer => utf16le(text).swap16();

test.each([
  ["without a line end", utf8(PASSWORD), PASSWORD],
  ["with LF", utf8(`${PASSWORD}\n`), PASSWORD],
  ["with CRLF", utf8(`${PASSWORD}\r\n`), PASSWORD],
  ["with CR", utf8(`${PASSWORD}\r`), PASSWORD],
  ["with a byte-order mark and CRLF", utf8(`\uFEFF${PASSWORD}\r\n`), PASSWORD],
  ["with the marks of a file and of a pipe", utf8(`\uFEFF\uFEFF${PASSWORD}`), PASSWORD],
  ["in UTF-16 of PowerShell", utf16le(`\uFEFF${PASSWORD}\r\n`), PASSWORD],
  ["in UTF-16, big-endian", utf16be(`\uFEFF${PASSWORD}\n`), PASSWORD],
  ["with white space at its ends", utf8(`  ${PASSWORD}\t \n`), `  ${PASSWORD}\t `],
  ["in a decomposed form, which the hash makes one", utf8("correct ho\u0308rse"), "correct ho\u0308rse"],
  ["with a mark within", utf8(`a\uFEFF${PASSWORD}`), `a\uFEFF${PASSWORD}`],
])("a password %s is taken as it was meant", (_, bytes, password) => {
  expect(passwordIn(bytes)).toEqual({ outcome: "password", password });
});

test.each([
  ["nothing", utf8(""), "No password on standard input."],
  ["an empty line", utf8("\r\n"), "No password on standard input."],
  ["a byte-order mark alone", utf8("\uFEFF\n"), "No password on standard input."],
  ["UTF-16 of an empty line", utf16le("\uFEFF\r\n"), "No password on standard input."],
  ["a second line", utf8(`${PASSWORD}\nmore`), "more than one line"],
  ["a second, empty line", utf8(`${PASSWORD}\r\n\r\n`), "more than one line"],
  ["an empty first line", utf8(`\n${PASSWORD}\n`), "more than one line"],
  ["a second line after CR", utf8(`${PASSWORD}\rmore`), "more than one line"],
  ["Latin-1", Buffer.from(PASSWORD, "latin1"), "not valid UTF-8"],
  ["half a character", utf8(PASSWORD).subarray(0, 10), "not valid UTF-8"],
  ["half a character of UTF-16", utf16le(`\uFEFF${PASSWORD}`).subarray(0, 9), "not valid UTF-16LE"],
  ["half a surrogate pair", utf16le(`\uFEFF${PASSWORD}\uD83D`), "not valid UTF-16LE"],
  ["UTF-16 without a mark", utf16le("correct horse"), "NUL character"],
  ["a NUL at its end", utf8(`${PASSWORD}\0\n`), "NUL character"],
  ["a picture, say", Buffer.alloc(5000, "x"), "more than 4096 bytes"],
])("%s is refused with the reason and what is accepted, and is not shown", (_, bytes, message) => {
  const reading = passwordIn(bytes);
  expect(reading).toMatchObject({ outcome: "refused", problem: expect.stringContaining(message) as string });
  expect(reading).toMatchObject({ problem: expect.stringContaining("Send one line, as UTF-8") as string });
  expect(JSON.stringify(reading)).not.toContain("rse");
});
