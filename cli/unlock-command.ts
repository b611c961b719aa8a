import { isIP } from "node:net";
import type { Command } from "commander";
import type { ClearedCounter } from "../src/identity/unlock.ts";
import { canonicalUserName } from "../src/identity/user-name.ts";
import { EXIT_CODES, UsageError } from "./messages.ts";
import { assertUserName, missing, type CommandContext, type ExitCode } from "./user-commands.ts";
import { quoted } from "./printable.ts";

/** What the command does, for its help. */
export const UNLOCK =
  "forget failed attempts, so that a user (or everybody at an address) who has to wait may try at once";

/** Gives a command what says whom to unlock. */
export function withUnlockArguments(command: Command): Command {
  return command
    .argument("[name]", "user name", canonicalUserName)
    .option("--address <address>", "forget those from an IP address too; of IPv6, from its /64 network");
}

/** Who or what is to be unlocked; at least one of the two. */
export interface UnlockRequest {
  readonly userName: string | undefined;
  readonly address: string | undefined;
}

/** How an unlocking went, in lines for people and as JSON. */
export interface UnlockAnswer {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

export type UnlockContext = Pick<CommandContext, "directory" | "unlocking">;

/** `unlock`: forgets failed attempts. That nothing was to be forgotten is an answer, and no error. */
export async function unlock(
  context: UnlockContext,
  { userName, address }: UnlockRequest,
): Promise<UnlockAnswer> {
  if (userName === undefined && address === undefined) {
    throw new UsageError("Name whom to unlock: a user, an address by --address, or both.");
  }
  if (address !== undefined && isIP(address) === 0) {
    throw new UsageError(
      `--address ${JSON.stringify(address)} is no IP address; accepted are addresses such as ` +
        "203.0.113.7 or 2001:db8::1.",
    );
  }
  const user = userName === undefined ? NOTHING : await unlockUser(context, userName);
  if (user.code !== EXIT_CODES.done || address === undefined) return user;
  const network = await unlockAddress(context, address);
  return {
    code: network.code,
    lines: [...user.lines, ...network.lines],
    json: { ...user.json, ...network.json },
  };
}

const NOTHING: UnlockAnswer = { code: EXIT_CODES.done, lines: [], json: {} };

async function unlockUser(context: UnlockContext, userName: string): Promise<UnlockAnswer> {
  if (userName.includes(":")) {
    throw new UsageError(
      `${quoted(userName)} signs in at an identity provider, which counts failed attempts ` +
        "itself; unlock the user there. Here only users of the password directory are counted.",
    );
  }
  assertUserName(userName);
  const user = await context.directory.get(userName);
  if (user === undefined) {
    const json = { user: { userName, found: false } };
    return { code: EXIT_CODES.refused, lines: [missing(userName)], json };
  }
  const { name, devices } = await context.unlocking.unlockUser(userName);
  const cleared = [
    ...(name === undefined ? [] : [`${attempts(name.failures)} from unknown devices`]),
    ...devices.map(({ failures }) => `${attempts(failures)} on a device the user has signed in on before`),
  ];
  const lines = [
    cleared.length === 0
      ? `User "${userName}" had no failed attempts; nothing was changed. ` +
        "If the person still has to wait, the address has: unlock it by --address."
      : `Unlocked user "${userName}": forgot ${cleared.join(", and ")}${waiting([name, ...devices])}.`,
    ...(user.disabled ? [`User "${userName}" is disabled, and gets in only after \`users enable\`.`] : []),
  ];
  const { disabled } = user;
  return {
    code: EXIT_CODES.done,
    lines,
    json: { user: { userName, found: true, disabled, forgotten: name ?? null, devices } },
  };
}

async function unlockAddress({ unlocking }: UnlockContext, address: string): Promise<UnlockAnswer> {
  const { network, cleared } = await unlocking.unlockAddress(address);
  const line =
    cleared === undefined
      ? `There were no failed attempts from ${network}; nothing was changed.`
      : `Unlocked ${network}: forgot ${attempts(cleared.failures)}${waiting([cleared])}.`;
  return {
    code: EXIT_CODES.done,
    lines: [line],
    json: { address: { network, forgotten: cleared ?? null } },
  };
}

const attempts = (count: number): string => (count === 1 ? "1 failed attempt" : `${count} failed attempts`);

function waiting(counters: readonly (ClearedCounter | undefined)[]): string {
  const seconds = Math.ceil(Math.max(...counters.map((counter) => counter?.waitMs ?? 0)) / 1000);
  return seconds === 0 ? "" : `; the next attempt would have had to wait ${seconds} s`;
}
