import { createInterface, type Interface } from "node:readline";
import askPassword from "@inquirer/password";
import { passwordProblem } from "../src/identity/password-hash.ts";
import { UsageError } from "./messages.ts";
import { MOST_PASSWORD_BYTES, passwordIn } from "./password-bytes.ts";

/** Why there is no option for it. */
export const NO_PASSWORD_ARGUMENT =
  "a password is never an argument: it would stay in the shell's history and show in the list of " +
  "processes. Leave the option out and be asked for it, or send it as one line on standard input.";

/**
 * A new password: asked for twice on a terminal, else the one line of standard input. That it is acceptable
 * is for the caller to check.
 * @throws UsageError where standard input has anything but one line.
 */
export function readNewPassword(input: NodeJS.ReadStream, userName: string): Promise<string> {
  return input.isTTY ? promptTwice(userName) : onlyLine(input);
}

async function promptTwice(userName: string): Promise<string> {
  const validate = (password: string): true | string => passwordProblem(password) ?? true;
  for (;;) {
    const password = await askPassword({ message: `Password of "${userName}":`, mask: true, validate });
    if ((await askPassword({ message: "Once more:", mask: true })) === password) return password;
    console.error("These were two different passwords; please enter it again.");
  }
}

async function onlyLine(input: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST_PASSWORD_BYTES) break;
  }
  const reading = passwordIn(Buffer.concat(chunks));
  if (reading.outcome === "password") return reading.password;
  throw new UsageError(`${reading.problem} Or run this on a terminal, and be asked for it.`);
}

/** Asks for a yes on a terminal; anything but `y` or `yes` is a no, Ctrl-C and the end of the input too. */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.setPrompt(`${question} (y/N) `);
  lines.prompt();
  return /^y(es)?$/i.test((await nextLine(lines))?.trim() ?? "");
}

async function nextLine(lines: Interface): Promise<string | undefined> {
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return undefined;
}
