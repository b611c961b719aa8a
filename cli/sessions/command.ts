import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { InvalidArgumentError, Option, type Command } from "commander";
import { ACT_REASON } from "../../src/api/parts/act-reason.ts";
import { userIdProblem } from "../../src/sessions/session.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { parseSessionId, type SessionId } from "../../src/sessions/token.ts";
import { connectSessions } from "../connect.ts";
import { interruption } from "../interruption.ts";
import { connectFunctions, type Invoking } from "../invoke.ts";
import { locate, type Located } from "../place.ts";
import { placeOf, withPlaceOptions, type PlaceOptions } from "../place-options.ts";
import { quoted } from "../printable.ts";

/** The options that every command of `sessions` has. */
export interface CommonOptions extends PlaceOptions {
  readonly json?: true;
}

/** What a command is carried out with. */
export interface SessionsContext {
  readonly located: Located;
  readonly documents: DynamoDBDocumentClient;
  /** For reading. What changes something goes through the functions, so that it is in their audit lines. */
  readonly sessions: SessionStore;
  readonly functions: Invoking;
  /**
   * Aborted at the first Ctrl-C: begin no more, and say what was done. A command that never asks for it only
   * reads, and Ctrl-C ends it at once.
   */
  readonly signal: () => AbortSignal;
  /** Says how it went: on standard output, as JSON where the operator wants it. */
  readonly show: (answer: Answer) => void;
  /** Says on standard error how far it is, where somebody watches. */
  readonly progress: (line: string) => void;
}

/** How a command went, for people and for programs. */
export interface Answer {
  readonly text: string;
  readonly json: unknown;
}

/** A command of `sessions` with the options that each has, and examples in its help. */
export function addCommand(
  program: Command,
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return withPlaceOptions(program.command(name).description(description))
    .option("--json", "as JSON")
    .addHelpText("after", () => {
      const call = calledBy(program);
      return `\nExamples:\n${examples.map((example) => `  ${call} ${example}`).join("\n")}`;
    });
}

/** The beginning of a command line: in this repository a script of npm, else a part of the package's bin. */
const calledBy = (program: Command): string =>
  program.parent === null ? `npm run ${program.name()} --` : `npx ${program.parent.name()} ${program.name()}`;

/** Finds the construct, opens it, carries a command out, and ends with the exit code that it answers. */
export async function carryOut(
  options: CommonOptions,
  command: (context: SessionsContext) => Promise<number>,
): Promise<void> {
  const located = await locate(placeOf(options));
  const { documents, sessions, close } = connectSessions(located);
  const functions = connectFunctions(located);
  let signal: AbortSignal | undefined;
  try {
    process.exitCode = await command({
      located,
      documents,
      sessions,
      functions,
      signal: () => (signal ??= interruption()),
      show: ({ text, json }) =>
        console.log(options.json === true ? JSON.stringify(json, undefined, 2) : text),
      progress: (line) => {
        if (process.stderr.isTTY) console.error(line);
      },
    });
  } finally {
    functions.close();
    close();
  }
}

/** An argument that is a user id; a terminal may have typed it in another form of Unicode. */
export function userIdArgument(text: string): string {
  const id = text.normalize("NFC");
  const problem = userIdProblem(id);
  if (problem === undefined) return id;
  throw new InvalidArgumentError(`The user id ${quoted(text)} ${problem}.`);
}

/** An argument that is a session id. */
export function sessionIdArgument(text: string): SessionId {
  const id = parseSessionId(text);
  if (id !== undefined) return id;
  throw new InvalidArgumentError(
    `${quoted(text)} is no session id: it has 43 letters, digits, - and _. ` +
      "`sessions list --json` shows the ids. Never type a session token here.",
  );
}

/** The option that says why, for the audit line and the record of activity. */
export function reasonOption(): Option {
  return new Option("--reason <text>", "why, for the record: one line of at most 200 characters").argParser(
    (text: string) => {
      const checked = ACT_REASON.safeParse(text);
      if (checked.success) return text;
      throw new InvalidArgumentError(`It is ${checked.error.issues[0]?.message}.`);
    },
  );
}

/** The option that changes nothing and says what would be done. */
export const dryRunOption = (): Option =>
  new Option("--dry-run", "change nothing, and say what would be done");

/** An option that is a whole number from 1 to `most`. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
    throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
  };
}

/** A time in ISO 8601 without the milliseconds. */
export const shortTime = (iso: string): string => `${iso.slice(0, 19)}Z`;

/** The one who acts, unless the operator says who: it is written to endings and audit lines. */
export const DEFAULT_ACTOR = "sessions-command";
