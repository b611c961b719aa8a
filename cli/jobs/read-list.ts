import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { TextDecoderStream } from "node:stream/web";
import { userIdProblem } from "../../src/sessions/session.ts";
import { OperatorError, UsageError } from "../messages.ts";
import { quoted } from "../printable.ts";

/** A list of user ids, read from a file: each once, in its order. */
export interface UserList {
  readonly userIds: readonly string[];
  /** Lines that name a user who was there before. */
  readonly repeated: number;
}

/** A line that is no user id. */
interface BadLine {
  readonly line: number;
  readonly value: string;
  readonly problem: string;
}

const MOST_SHOWN = 10;
const LONGEST_SHOWN = 80;

/**
 * Reads user ids, one a line, in UTF-8: blank lines are passed over, and so are a byte order mark and the
 * carriage returns of Windows. Ids are brought into Unicode's form NFC.
 * @param source the path of a file, or `-` for standard input.
 * @throws UsageError naming each line that is no user id and its value, before anything is done.
 */
export async function readList(source: string): Promise<UserList> {
  const name = source === "-" ? "standard input" : source;
  const userIds = new Set<string>();
  const bad: BadLine[] = [];
  let [line, badLines, repeated] = [0, 0, 0];
  try {
    for await (const text of linesOf(source)) {
      line += 1;
      if (text.trim() === "") continue;
      const userId = text.normalize("NFC");
      const problem = userIdProblem(userId);
      if (problem !== undefined) {
        badLines += 1;
        if (bad.length < MOST_SHOWN) bad.push({ line, value: text, problem });
      } else if (userIds.has(userId)) repeated += 1;
      else userIds.add(userId);
    }
  } catch (cause) {
    throw unreadable(name, line, cause);
  }
  if (badLines > 0) throw new UsageError(inWords(name, bad, badLines));
  if (userIds.size === 0) throw new UsageError(`There is no user id in ${name}.`);
  return { userIds: [...userIds], repeated };
}

/** Not by Node's readline, for which U+2028 and U+2029 end a line too: a user id may hold them. */
async function* linesOf(source: string): AsyncIterable<string> {
  const bytes: Readable = source === "-" ? process.stdin : createReadStream(source);
  // Not the stream's own decoding, which makes replacement characters of what is not UTF-8: other ids.
  const text = Readable.toWeb(bytes).pipeThrough(new TextDecoderStream("utf-8", { fatal: true }));
  let rest = "";
  for await (const part of text) {
    const lines = (rest + part).split(LINE_END);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest.replace(/\r$/, "");
}

/** A carriage return at the end may have its line feed in the next part. */
const LINE_END = /\r\n|\n|\r(?=[^])/;

function unreadable(name: string, line: number, cause: unknown): OperatorError {
  const { code, message } = cause as { readonly code?: string; readonly message: string };
  if (code === "ENOENT") return new UsageError(`There is no file ${name}.`);
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return new UsageError(`${name} is not UTF-8, in line ${line + 1} or after it. Nothing was begun.`);
  return new OperatorError(`${name} cannot be read: ${message}`, { cause });
}

function inWords(name: string, shown: readonly BadLine[], count: number): string {
  const lines = shown.map(({ line, value, problem }) => {
    const start = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
    return `  line ${line}: ${quoted(start)} ${problem}`;
  });
  const more = count > shown.length ? [`  and ${count - shown.length} more`] : [];
  const what = count === 1 ? "1 line that is no user id" : `${count} lines that are no user ids`;
  return [`${name} has ${what}. Nothing was begun.`, ...lines, ...more].join("\n");
}
