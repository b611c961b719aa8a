import type { UserDirectory } from "../src/identity/directory.ts";
import type { ChangeOutcome, InvalidUser, UserManagement } from "../src/identity/manage-users.ts";
import type { Unlocking } from "../src/identity/unlock.ts";
import { userNameProblem } from "../src/identity/user-name.ts";
import { EXIT_CODES, sessions, UsageError } from "./messages.ts";
import { usersAsJson, usersAsTable } from "./users-table.ts";
import { quoted } from "./printable.ts";

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** What a command is carried out with; the terminal is behind `readPassword`, `confirm` and `print`. */
export interface CommandContext {
  readonly directory: UserDirectory;
  readonly management: UserManagement;
  readonly unlocking: Unlocking;
  readonly readPassword: (userName: string) => Promise<string>;
  /** Whether the operator says yes; always so where there is no terminal to ask on. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly print: (line: string) => void;
}

export interface AddOptions {
  readonly admin: boolean;
  readonly permissions: readonly string[];
}

/** `users add`: a new user with a password. */
export async function addUser(
  context: CommandContext,
  userName: string,
  options: AddOptions,
): Promise<ExitCode> {
  assertUserName(userName);
  const password = await context.readPassword(userName);
  const { admin: isAdmin, permissions } = options;
  const added = await context.management.addUser({ userName, password, isAdmin, permissions });
  switch (added.outcome) {
    case "added":
      context.print(`Added user "${userName}".`);
      return EXIT_CODES.done;
    case "exists":
      context.print(`User "${userName}" exists already; nothing was changed.`);
      return EXIT_CODES.refused;
    case "invalid":
      throw new UsageError(added.problem);
  }
}

/** `users list`: every user, without anything secret. */
export async function listUsers(
  context: CommandContext,
  options: { readonly json: boolean },
): Promise<ExitCode> {
  const users = await context.directory.list();
  context.print(options.json ? usersAsJson(users) : usersAsTable(users));
  return EXIT_CODES.done;
}

/** `users disable`: no login any more, and no session left. */
export async function disableUser(context: CommandContext, userName: string): Promise<ExitCode> {
  return reportChange(context, "Disabled", userName, await context.management.disableUser(userName));
}

/** `users enable`: may log in again. */
export async function enableUser(context: CommandContext, userName: string): Promise<ExitCode> {
  if ((await context.management.enableUser(userName)) === "not-found")
    return reportMissing(context, userName);
  context.print(`Enabled user "${userName}".`);
  return EXIT_CODES.done;
}

/** `users set-password`: the old password and every session end. */
export async function setPassword(context: CommandContext, userName: string): Promise<ExitCode> {
  assertUserName(userName);
  const password = await context.readPassword(userName);
  const changed = await context.management.setPassword(userName, password);
  return reportChange(context, "Set the password of", userName, changed);
}

/** `users set-permissions`: these and no others; every session ends, for it carries the old ones. */
export async function setPermissions(
  context: CommandContext,
  userName: string,
  { admin: isAdmin, permissions }: AddOptions,
): Promise<ExitCode> {
  const changed = await context.management.setPermissions(userName, { isAdmin, permissions });
  return reportChange(context, "Set the permissions of", userName, changed);
}

/** `users remove`: the user and every session are gone. */
export async function removeUser(
  context: CommandContext,
  userName: string,
  options: { readonly yes: boolean },
): Promise<ExitCode> {
  if (!options.yes && !(await context.confirm(`Remove user "${userName}" and end all of its sessions?`))) {
    context.print("Nothing was changed.");
    return EXIT_CODES.refused;
  }
  return reportChange(context, "Removed", userName, await context.management.removeUser(userName));
}

/** Before a password is asked for, so that it is not typed twice for a name that is refused. */
export function assertUserName(userName: string): void {
  const problem = userNameProblem(userName);
  if (problem !== undefined) throw new UsageError(`The user name ${quoted(userName)} ${problem}.`);
}

function reportChange(
  context: CommandContext,
  done: string,
  userName: string,
  changed: ChangeOutcome | InvalidUser,
): ExitCode {
  switch (changed.outcome) {
    case "changed":
      context.print(`${done} user "${userName}" and ended ${sessions(changed.sessionCount)}.`);
      return EXIT_CODES.done;
    case "not-found":
      return reportMissing(context, userName);
    case "invalid":
      throw new UsageError(changed.problem);
  }
}

function reportMissing(context: CommandContext, userName: string): ExitCode {
  context.print(missing(userName));
  return EXIT_CODES.refused;
}

export const missing = (userName: string): string =>
  `There is no user ${quoted(userName)}; nothing was changed.`;
