import type { Command } from "commander";
import type { LogOutResult } from "../../src/api/log-out-users.ts";
import { INTERRUPTED } from "../interruption.ts";
import { DEFAULT_RATE } from "../../src/jobs/job.ts";
import { readList } from "../jobs/read-list.ts";
import { EXIT_CODES, OperatorError, sessions, UsageError, users } from "../messages.ts";
import { quoted } from "../printable.ts";
import { report } from "../report.ts";
import {
  addCommand,
  carryOut,
  DEFAULT_ACTOR,
  dryRunOption,
  reasonOption,
  userIdArgument,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";
import { attach, jobIdArgument, rateArgument, resume, revokeList } from "./revoke-list.ts";

interface RevokeOptions extends CommonOptions {
  readonly file?: string;
  readonly attach?: string;
  readonly resume?: string;
  readonly includeAdmins?: true;
  readonly rate?: number;
  readonly actor: string;
  readonly reason?: string;
  readonly dryRun?: true;
}

/** What one invocation of the function accepts. */
const USERS_AT_ONCE = 1000;

const HELP = `
A list of --file becomes a job, which goes on by itself once it has begun: Ctrl-C ends this command and not the job.
--attach watches it again, --resume starts it again for those who are left, and \`sessions jobs\` lists all of the last
14 days. Lines that are no user ids are named with their numbers, before anything is begun.

Exit code: 0 everybody of the list is done, 1 somebody is left, 2 a wrong call or line, 130 stopped by Ctrl-C.`;

/** `sessions revoke`. */
export function addRevoke(program: Command): void {
  addCommand(program, "revoke", "end all sessions of users", [
    "revoke alice bob",
    "revoke alice --include-admins --actor carol --json",
    'revoke alice --dry-run --reason "left the company"',
    'revoke --file ids.txt --reason "leaked passwords" --stack Backend',
    "revoke --file - --dry-run < ids.txt",
    "revoke --attach 20261130T071500-3f9a2c1b77d0",
  ])
    .argument("[user-ids...]", "whose", collected)
    .option("--file <path>", "those of a list, one user id a line; - is standard input")
    .option("--include-admins", "also those of administrators")
    .option("--rate <users>", `at most so many users a second; ${DEFAULT_RATE} unless given`, rateArgument)
    .option("--actor <name>", "who does it, for the record", userIdArgument, DEFAULT_ACTOR)
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .option("--attach <job>", "watch a job that was begun before", jobIdArgument)
    .option("--resume <job>", "start a job again, for those who are left", jobIdArgument)
    .addHelpText("after", HELP)
    .action((userIds: readonly string[] = [], options: RevokeOptions, command: Command) =>
      act([...new Set(userIds)], options, command),
    );
}

/** What a job is given when it begins. */
const OF_THE_JOB: readonly string[] = [
  "includeAdmins",
  "rate",
  "actor",
  "reason",
  "dryRun",
] satisfies (keyof RevokeOptions)[];

async function act(userIds: readonly string[], options: RevokeOptions, command: Command): Promise<void> {
  const { file, attach: attached, resume: resumed } = options;
  const ways = [userIds.length > 0 || undefined, file, attached, resumed];
  if (ways.filter((one) => one !== undefined).length !== 1) {
    throw new UsageError(
      "Name whose sessions are to be ended, in one way: user ids, --file, --attach or --resume.",
    );
  }
  if (attached !== undefined || resumed !== undefined) {
    const given = command.options.find((option) => {
      const name = option.attributeName();
      return OF_THE_JOB.includes(name) && command.getOptionValueSource(name) === "cli";
    });
    if (given !== undefined) {
      throw new UsageError(`${given.long} belongs to the job, which was given all of that when it began.`);
    }
  }
  if (attached !== undefined) return carryOut(options, (context) => attach(context, attached));
  if (resumed !== undefined) return carryOut(options, (context) => resume(context, resumed));
  if (file === undefined) {
    if (options.rate !== undefined) throw new UsageError("--rate is for a list, which --file names.");
    return carryOut(options, (context) => revoke(context, userIds, options));
  }
  const list = await readList(file);
  if (list.repeated > 0) {
    const lines = list.repeated === 1 ? "1 line repeats" : `${list.repeated} lines repeat`;
    console.error(`${lines} a user id, and each user counts once.`);
  }
  return carryOut(options, (context) => revokeList(context, list.userIds, options));
}

const collected = (text: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  userIdArgument(text),
];

/** How often users are sent again for whom the function had no time. */
const TRIES = 5;

async function revoke(
  context: SessionsContext,
  userIds: readonly string[],
  options: RevokeOptions,
): Promise<number> {
  const signal = context.signal();
  const total: Totals = { loggedOut: [], skipped: [], unfinished: [] };
  for (let start = 0; start < userIds.length; start += USERS_AT_ONCE) {
    try {
      await logOutSome(context, userIds.slice(start, start + USERS_AT_ONCE), options, total);
    } catch (error) {
      // What was done is done, and is told.
      if (total.loggedOut.length + total.skipped.length === 0) throw error;
      report(error);
      total.unfinished.push(...userIds.slice(start + USERS_AT_ONCE));
      break;
    }
    context.progress(`${Math.min(start + USERS_AT_ONCE, userIds.length)} of ${users(userIds.length)}`);
  }
  const dryRun = options.dryRun === true;
  context.show({ text: inWords(total, dryRun), json: { ...total, ...(dryRun && { dryRun }) } });
  if (signal.aborted) return INTERRUPTED;
  return total.unfinished.length === 0 ? EXIT_CODES.done : EXIT_CODES.refused;
}

/** After a Ctrl-C no more is begun: who was not sent yet is unfinished. */
async function logOutSome(
  context: SessionsContext,
  userIds: readonly string[],
  options: RevokeOptions,
  total: Totals,
): Promise<void> {
  let left = userIds;
  try {
    for (let attempt = 1; attempt <= TRIES && left.length > 0 && !context.signal().aborted; attempt++) {
      const { loggedOut, skipped, unfinished } = await logOut(context, left, options);
      total.loggedOut.push(...loggedOut);
      total.skipped.push(...skipped);
      left = unfinished;
    }
  } finally {
    total.unfinished.push(...left);
  }
}

type Lists = Omit<LogOutResult, "dryRun">;
type Totals = { -readonly [List in keyof Lists]: Lists[List][number][] };

/** @throws OperatorError where the function refuses the call. */
async function logOut(
  { functions, located }: SessionsContext,
  userIds: readonly string[],
  { actor, includeAdmins, reason, dryRun }: RevokeOptions,
): Promise<LogOutResult> {
  const event = {
    userIds,
    includeAdmins: includeAdmins === true,
    actor,
    ...(reason !== undefined && { reason }),
    ...(dryRun === true && { dryRun }),
  };
  const answer = await functions.invoke(located.adminLogoutFunction, event);
  if (Array.isArray(answer["loggedOut"])) return answer as unknown as LogOutResult;
  throw new OperatorError(`The function refused: ${JSON.stringify(answer)}`);
}

function inWords({ loggedOut, skipped, unfinished }: Lists, dryRun: boolean): string {
  const count = loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0);
  const named = (ids: readonly string[]): string => ids.map(quoted).join(", ");
  return [
    dryRun
      ? `Would log out ${users(loggedOut.length)}, and end ${sessions(count)}. Nothing was changed.`
      : `Logged out ${users(loggedOut.length)}, and ended ${sessions(count)}.`,
    ...(skipped.length === 0
      ? []
      : [
          `Skipped, as administrators: ${named(skipped.map(({ userId }) => userId))}. ` +
            "Say --include-admins to log them out too.",
        ]),
    ...(unfinished.length === 0 ? [] : [`Unfinished, call again for: ${named(unfinished)}.`]),
  ].join("\n");
}
