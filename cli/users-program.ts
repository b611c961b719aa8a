import { Command, Option } from "commander";
import { connect } from "./connect.ts";
import { confirm, NO_PASSWORD_ARGUMENT, readNewPassword } from "./password-input.ts";
import { foreignPermission, ownedPermission } from "./permission-options.ts";
import { placeOf, withPlaceOptions, type PlaceOptions } from "./place-options.ts";
import { locateDirectory } from "./place.ts";
import { unlock, UNLOCK, withUnlockArguments } from "./unlock-command.ts";
import { canonicalUserName } from "../src/identity/user-name.ts";
import * as commands from "./user-commands.ts";

interface GrantOptions {
  readonly admin?: boolean;
  readonly permission?: readonly string[];
  readonly ownPermission?: readonly string[];
}

/** `users`: a program of its own, or a part of one. */
export function usersProgram(): Command {
  const program = new Command("users")
    .description("Manage the users of the password directory.")
    .exitOverride()
    .showHelpAfterError("Run with --help to see what is accepted.");

  const add = command(
    program,
    "add",
    "add a user; the password is asked for, or read as one line from standard input",
  )
    .argument("<name>", "user name", canonicalUserName)
    .option("--admin", "the user is an administrator");
  withPermissions(add).action((userName: string, options: PlaceOptions & GrantOptions) =>
    run(options, (context) => commands.addUser(context, userName, granted(options))),
  );

  command(program, "list", "list all users")
    .option("--json", "as JSON")
    .action((options: PlaceOptions & { json?: true }) =>
      run(options, (context) => commands.listUsers(context, { json: options.json ?? false })),
    );

  command(program, "disable", "let a user log in no more, and end all of the user's sessions")
    .argument("<name>", "user name", canonicalUserName)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.disableUser(context, userName)),
    );

  command(program, "enable", "let a disabled user log in again")
    .argument("<name>", "user name", canonicalUserName)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.enableUser(context, userName)),
    );

  command(program, "set-password", "give a user a new password, and end all of the user's sessions")
    .argument("<name>", "user name", canonicalUserName)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.setPassword(context, userName)),
    );

  const set = command(
    program,
    "set-permissions",
    "give a user these permissions and no others, and end all of the user's sessions",
  )
    .argument("<name>", "user name", canonicalUserName)
    .option("--admin", "the user is an administrator; otherwise is none");
  withPermissions(set).action((userName: string, options: PlaceOptions & GrantOptions) =>
    run(options, (context) => commands.setPermissions(context, userName, granted(options))),
  );

  withUnlockArguments(command(program, "unlock", UNLOCK)).action(
    (userName: string | undefined, { address, ...place }: PlaceOptions & { address?: string }) =>
      run(place, async (context) => {
        const { code, lines } = await unlock(context, { userName, address });
        for (const line of lines) context.print(line);
        return code;
      }),
  );

  command(program, "remove", "remove a user, and end all of the user's sessions")
    .argument("<name>", "user name", canonicalUserName)
    .option("--yes", "do not ask")
    .action((userName: string, options: PlaceOptions & { yes?: true }) =>
      run(options, (context) => commands.removeUser(context, userName, { yes: options.yes ?? false })),
    );

  return program;
}

/** A command with the options that every one has. */
function command(program: Command, name: string, description: string): Command {
  return withPlaceOptions(program.command(name).description(description))
    .addOption(new Option("--password [password]").hideHelp())
    .hook("preAction", (_, actionCommand) => {
      const { password } = actionCommand.opts<{ password?: unknown }>();
      if (password !== undefined) actionCommand.error(`error: ${NO_PASSWORD_ARGUMENT}`);
    });
}

function withPermissions(command: Command): Command {
  return command
    .option(
      "--permission <permission>",
      "a permission of this project the user has: single_session.logout or single_session.logout_all " +
        "(repeatable)",
      (value, earlier: readonly string[] | undefined) => collected(ownedPermission(value), earlier),
    )
    .option(
      "--own-permission <permission>",
      "a permission of your own the user has, for your policy function or your routes (repeatable)",
      (value, earlier: readonly string[] | undefined) => collected(foreignPermission(value), earlier),
    );
}

function granted({ admin = false, permission = [], ownPermission = [] }: GrantOptions): commands.AddOptions {
  return { admin, permissions: [...new Set([...permission, ...ownPermission])] };
}

function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

async function run(
  options: PlaceOptions,
  carryOut: (context: commands.CommandContext) => Promise<number>,
): Promise<void> {
  const { close, ...connection } = connect(await locateDirectory(placeOf(options)));
  try {
    process.exitCode = await carryOut({
      ...connection,
      readPassword: (userName) => readNewPassword(process.stdin, userName),
      confirm: (question) => (process.stdin.isTTY ? confirm(question) : Promise.resolve(true)),
      print: (line) => console.log(line),
    });
  } finally {
    close();
  }
}
