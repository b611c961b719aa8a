import { isIP } from "node:net";
import type { ClearedCounter } from "../src/identity/unlock.ts";
import { EXIT_CODES, UsageError } from "./messages.ts";
import { assertUserName, reportMissing, type CommandContext, type ExitCode } from "./user-commands.ts";

/** Who or what is to be unlocked; at least one of the two. */
export interface UnlockRequest {
  readonly userName: string | undefined;
  readonly address: string | undefined;
}

/** `users unlock`: forgets failed attempts. That nothing was to be forgotten is an answer, and no error. */
export async function unlock(
  context: CommandContext,
  { userName, address }: UnlockRequest,
): Promise<ExitCode> {
  if (userName === undefined && address === undefined) {
    throw new UsageError("Name whom to unlock: a user, an address by --address, or both.");
  }
  if (address !== undefined && isIP(address) === 0) {
    throw new UsageError(
      `--address ${JSON.stringify(address)} is no IP address; accepted are addresses such as 203.0.113.7 or 2001:db8::1.`,
    );
  }
  if (userName !== undefined) {
    const unlocked = await unlockUser(context, userName);
    if (unlocked !== EXIT_CODES.done) return unlocked;
  }
  if (address !== undefined) await unlockAddress(context, address);
  return EXIT_CODES.done;
}

async function unlockUser(context: CommandContext, userName: string): Promise<ExitCode> {
  if (userName.includes(":")) {
    throw new UsageError(
      `${JSON.stringify(userName)} signs in at an identity provider, which counts failed attempts itself; unlock the user there. ` +
        "Here only users of the password directory are counted.",
    );
  }
  assertUserName(userName);
  const user = await context.directory.get(userName);
  if (user === undefined) return reportMissing(context, userName);
  const { name, devices } = await context.unlocking.unlockUser(userName);
  const cleared = [
    ...(name === undefined ? [] : [`${attempts(name.failures)} from unknown devices`]),
    ...devices.map(({ failures }) => `${attempts(failures)} on a device the user has signed in on before`),
  ];
  context.print(
    cleared.length === 0
      ? `User "${userName}" had no failed attempts; nothing was changed. ` +
          "If the person still has to wait, the address has: unlock it by --address."
      : `Unlocked user "${userName}": forgot ${cleared.join(", and ")}${waiting([name, ...devices])}.`,
  );
  if (user.disabled) {
    context.print(`User "${userName}" is disabled, and gets in only after \`users enable\`.`);
  }
  return EXIT_CODES.done;
}

async function unlockAddress(context: CommandContext, address: string): Promise<void> {
  const { network, cleared } = await context.unlocking.unlockAddress(address);
  context.print(
    cleared === undefined
      ? `There were no failed attempts from ${network}; nothing was changed.`
      : `Unlocked ${network}: forgot ${attempts(cleared.failures)}${waiting([cleared])}.`,
  );
}

const attempts = (count: number): string => (count === 1 ? "1 failed attempt" : `${count} failed attempts`);

function waiting(counters: readonly (ClearedCounter | undefined)[]): string {
  const seconds = Math.ceil(Math.max(...counters.map((counter) => counter?.waitMs ?? 0)) / 1000);
  return seconds === 0 ? "" : `; the next attempt would have had to wait ${seconds} s`;
}
