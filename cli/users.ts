import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { connect } from "./connect.ts";
import { EXIT_CODES, OperatorError, UsageError } from "./messages.ts";
import { confirm, NO_PASSWORD_ARGUMENT, readNewPassword } from "./password-input.ts";
import { locateTables, type Place } from "./place.ts";
import * as commands from "./user-commands.ts";

interface PlaceOptions {
  readonly port: number;
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
}

const DEFAULT_PORT = 3000;

function usersProgram(): Command {
  const program = new Command("users")
    .description("Manage the users of the password directory.")
    .exitOverride()
    .showHelpAfterError("Run with --help to see what is accepted.");

  command(program, "add", "add a user; the password is asked for, or read as one line from standard input")
    .argument("<name>", "user name", normalized)
    .option("--admin", "the user is an administrator")
    .option("--permission <permission>", "a permission the user has (repeatable)", collected)
    .action((userName: string, options: PlaceOptions & { admin?: true; permission?: string[] }) => {
      const { admin = false, permission: permissions = [] } = options;
      return run(options, (context) => commands.addUser(context, userName, { admin, permissions }));
    });

  command(program, "list", "list all users")
    .option("--json", "as JSON")
    .action((options: PlaceOptions & { json?: true }) =>
      run(options, (context) => commands.listUsers(context, { json: options.json ?? false })),
    );

  command(program, "disable", "let a user log in no more, and end all of the user's sessions")
    .argument("<name>", "user name", normalized)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.disableUser(context, userName)),
    );

  command(program, "enable", "let a disabled user log in again")
    .argument("<name>", "user name", normalized)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.enableUser(context, userName)),
    );

  command(program, "set-password", "give a user a new password, and end all of the user's sessions")
    .argument("<name>", "user name", normalized)
    .action((userName: string, options: PlaceOptions) =>
      run(options, (context) => commands.setPassword(context, userName)),
    );

  command(
    program,
    "set-permissions",
    "give a user these permissions and no others, and end all of the user's sessions",
  )
    .argument("<name>", "user name", normalized)
    .option("--admin", "the user is an administrator; otherwise is none")
    .option("--permission <permission>", "a permission the user has (repeatable)", collected)
    .action((userName: string, options: PlaceOptions & { admin?: true; permission?: string[] }) => {
      const { admin = false, permission: permissions = [] } = options;
      return run(options, (context) => commands.setPermissions(context, userName, { admin, permissions }));
    });

  command(program, "remove", "remove a user, and end all of the user's sessions")
    .argument("<name>", "user name", normalized)
    .option("--yes", "do not ask")
    .action((userName: string, options: PlaceOptions & { yes?: true }) =>
      run(options, (context) => commands.removeUser(context, userName, { yes: options.yes ?? false })),
    );

  return program;
}

/** A command with the options that every one has. */
function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(
      new Option("--port <port>", "port of the local stack").argParser(portNumber).default(DEFAULT_PORT),
    )
    .addOption(new Option("--stack <name>", "a deployed stack instead of the local one").conflicts("port"))
    .option("--region <region>", "Region of the deployed stack")
    .option("--profile <profile>", "AWS profile for the deployed stack")
    .addOption(new Option("--password [password]").hideHelp())
    .hook("preAction", (_, actionCommand) => {
      const { password, stack, region, profile } = actionCommand.opts<
        Partial<PlaceOptions> & { password?: unknown }
      >();
      if (password !== undefined) actionCommand.error(`error: ${NO_PASSWORD_ARGUMENT}`);
      if (stack === undefined && (region ?? profile) !== undefined) {
        actionCommand.error("error: --region and --profile belong to a deployed stack; name it with --stack");
      }
    });
}

function normalized(userName: string): string {
  return userName.normalize("NFC");
}

function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
  }
  return port;
}

async function run(
  options: PlaceOptions,
  carryOut: (context: commands.CommandContext) => Promise<number>,
): Promise<void> {
  const { directory, management, close } = connect(await locateTables(placeOf(options)));
  try {
    process.exitCode = await carryOut({
      directory,
      management,
      readPassword: (userName) => readNewPassword(process.stdin, userName),
      confirm: (question) => (process.stdin.isTTY ? confirm(question) : Promise.resolve(true)),
      print: (line) => console.log(line),
    });
  } finally {
    close();
  }
}

function placeOf({ port, stack, region, profile }: PlaceOptions): Place {
  return stack === undefined
    ? { kind: "local", port }
    : { kind: "deployed", stackName: stack, region, profile };
}

/** Tells the operator what went wrong; answers with the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  if (error instanceof UsageError) {
    console.error(`error: ${error.message}`);
    return EXIT_CODES.usage;
  }
  if (error instanceof Error && error.name === "ExitPromptError") {
    console.error("Nothing was changed.");
    return EXIT_CODES.refused;
  }
  console.error(error instanceof OperatorError ? `error: ${error.message}` : explained(error));
  return EXIT_CODES.refused;
}

/** A fault's message with what lies beneath it; never the objects themselves, which may hold requests with a hash in them. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : "";
  return `error: ${error.message}${cause}`;
}

try {
  await usersProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
