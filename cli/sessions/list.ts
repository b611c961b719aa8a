import type { Command } from "commander";
import { showUserSession } from "../../src/http/views.ts";
import { inColumns } from "../columns.ts";
import { EXIT_CODES, sessions as counted } from "../messages.ts";
import { quoted } from "../printable.ts";
import {
  addCommand,
  carryOut,
  countUpTo,
  shortTime,
  userIdArgument,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";
import { readPages } from "./pages.ts";

interface ListOptions extends CommonOptions {
  readonly user?: string;
  readonly limit: number;
}

const MOST_LISTED = 1_000_000;
const USUAL_LIMIT = 100;

/** `sessions list`. */
export function addList(program: Command): void {
  addCommand(program, "list", "list live sessions: of everybody in no order, or of one user, newest first", [
    "list",
    "list --user alice --json",
    "list --limit 5000 --json --stack Backend --profile prod > sessions.json",
  ])
    .option("--user <id>", "only the sessions of this user", userIdArgument)
    .option("--limit <count>", "at most so many", countUpTo(MOST_LISTED), USUAL_LIMIT)
    .action((options: ListOptions) => carryOut(options, (context) => list(context, options)));
}

async function list(context: SessionsContext, { user, limit }: ListOptions): Promise<number> {
  const { sessions, progress } = context;
  const { found, more } = await readPages(
    limit,
    (page) => (user === undefined ? sessions.listAll(page) : sessions.listUser(user, page)),
    ({ length }) => progress(`${counted(length)} so far`),
  );
  const shown = found.map(showUserSession);
  const rows = shown.map(({ id, userId, createdAt, lastSeenAt, device }) => [
    userId,
    shortTime(createdAt),
    shortTime(lastSeenAt),
    id,
    device.label,
  ]);
  const whose = user === undefined ? "" : ` of ${quoted(user)}`;
  const lines = [
    rows.length === 0
      ? `no live sessions${whose}`
      : inColumns(["USER", "SIGNED IN", "LAST SEEN", "SESSION ID", "DEVICE"], rows),
    ...(more ? [`These are the first ${counted(rows.length)}; there may be more: raise --limit.`] : []),
  ];
  context.show({ text: lines.join("\n"), json: { sessions: shown, more } });
  return EXIT_CODES.done;
}
