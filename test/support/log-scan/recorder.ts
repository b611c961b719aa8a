import { randomUUID } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * * `issued`: the product or a provider made it: tokens, cookie values, what a sign-in at a provider is
 *   proved by
 * * `presented`: a client brought it where a token belongs, whoever made it up
 * * `password`: somebody typed it where a password belongs
 */
export type SecretKind = "issued" | "presented" | "password";

/** `terminal`: written for whoever ran the command, which may be told the password of the demo users. */
export type LineSource = "log" | "terminal";

export interface RecordedLine {
  readonly testFile: string;
  readonly source: LineSource;
  readonly text: string;
}

/** All that the test files of a run left in their folder. */
export interface Recording {
  readonly secrets: ReadonlyMap<string, SecretKind>;
  readonly lines: readonly RecordedLine[];
}

type Row =
  readonly ["secret", SecretKind, string] | readonly ["line", LineSource, string] | readonly ["file", string];

interface Recorder {
  readonly file: string;
  readonly secrets: Set<string>;
  rows: Row[];
}

/** Kept beside the modules, which tests load anew; one test file is one recorder. */
const PLACE = Symbol.for("single-session.log-scan");
const place = globalThis as { [PLACE]?: Recorder };

const ROWS_KEPT = 2000;
/** The least length of a password, and of a token's beginning that is told from other words. */
const LEAST_LENGTH = 15;
/** Tests make ids and tokens of one character repeated; what says so little is no secret. */
const LEAST_CHARACTERS = 6;

/** From now on secrets and lines of this test file are written to a file of its own in the folder. */
export function startRecording(folder: string, testFile: string): void {
  place[PLACE] = {
    file: join(folder, `${randomUUID()}.jsonl`),
    secrets: new Set(),
    rows: [["file", testFile]],
  };
}

/** Remembers a secret that no line may show. What is too short or too plain to be one is left out. */
export function recordSecret(kind: SecretKind, value: string): void {
  const recorder = place[PLACE];
  if (recorder === undefined || recorder.secrets.has(kind + value)) return;
  if (value.length < LEAST_LENGTH || new Set(value).size < LEAST_CHARACTERS) return;
  recorder.secrets.add(kind + value);
  add(recorder, ["secret", kind, value]);
}

/** Remembers what was written to a log or a terminal; several lines may come at once. */
export function recordOutput(source: LineSource, output: string): void {
  const recorder = place[PLACE];
  if (recorder === undefined) return;
  for (const text of output.split("\n")) {
    if (text.trim() !== "") add(recorder, ["line", source, text]);
  }
}

/** Writes what is left; to be called when a test file is through. */
export function flushRecording(): void {
  const recorder = place[PLACE];
  if (recorder === undefined || recorder.rows.length === 0) return;
  const { file, rows } = recorder;
  recorder.rows = [];
  appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function add(recorder: Recorder, row: Row): void {
  recorder.rows.push(row);
  if (recorder.rows.length >= ROWS_KEPT) flushRecording();
}

/** What all test files of a run recorded in the folder. */
export function readRecording(folder: string): Recording {
  const secrets = new Map<string, SecretKind>();
  const lines: RecordedLine[] = [];
  for (const name of readdirSync(folder)) {
    let testFile = "";
    for (const text of readFileSync(join(folder, name), "utf8").split("\n")) {
      if (text === "") continue;
      const row = JSON.parse(text) as Row;
      if (row[0] === "file") testFile = row[1];
      else if (row[0] === "line") lines.push({ testFile, source: row[1], text: row[2] });
      // What was issued stays so, whoever presents it.
      else if (secrets.get(row[2]) !== "issued") secrets.set(row[2], row[1]);
    }
  }
  return { secrets, lines };
}
