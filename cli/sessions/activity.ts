import type { Command } from "commander";
import { showEnding, showSession } from "../../src/http/views.ts";
import { inColumns } from "../columns.ts";
import { EXIT_CODES } from "../messages.ts";
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

interface ActivityOptions extends CommonOptions {
  readonly limit: number;
}

const MOST = 10_000;
const USUAL_LIMIT = 100;

/** `sessions activity`. */
export function addActivity(program: Command): void {
  addCommand(
    program,
    "activity",
    "what the tables still hold of a user: live sessions, and how others ended",
    ["activity alice", "activity alice --limit 1000 --json"],
  )
    .argument("<user-id>", "whose", userIdArgument)
    .option("--limit <count>", "at most so many of each kind", countUpTo(MOST), USUAL_LIMIT)
    .action((userId: string, options: ActivityOptions) =>
      carryOut(options, (context) => activity(context, userId, options.limit)),
    );
}

interface Happening {
  readonly time: string;
  readonly what: "started" | "ended";
  readonly sessionId: string;
  readonly device?: string | undefined;
  readonly reason?: string;
  readonly by?: string;
  readonly displacedByDevice?: string | undefined;
}

async function activity(context: SessionsContext, userId: string, limit: number): Promise<number> {
  const { sessions } = context;
  const [live, endings] = await Promise.all([
    readPages(limit, (page) => sessions.listUser(userId, page)),
    readPages(limit, (page) => sessions.listEndings(userId, page)),
  ]);
  const happenings: Happening[] = [
    ...live.found.map(showSession).map(({ id, createdAt, device }) => ({
      time: createdAt,
      what: "started" as const,
      sessionId: id,
      device: device.label,
    })),
    ...endings.found.map(showEnding).map(({ endedAt, sessionId, reason, endedBy, endedDevice, ...more }) => ({
      time: endedAt,
      what: "ended" as const,
      sessionId,
      device: endedDevice,
      reason,
      by: endedBy,
      ...more,
    })),
  ].sort((one, other) => other.time.localeCompare(one.time));
  const rows = happenings.map(({ time, what, reason, by, device, displacedByDevice, sessionId }) => [
    shortTime(time),
    what === "started" ? "signed in, live" : (reason ?? what).replace("_", " "),
    sessionId,
    device ?? "",
    displacedByDevice ?? (by === userId ? "" : (by ?? "")),
  ]);
  const nothing = `nothing is kept of ${quoted(userId)}: no live session, and no record of an ending`;
  context.show({
    text: rows.length === 0 ? nothing : inColumns(["TIME", "WHAT", "SESSION ID", "DEVICE", "BY"], rows),
    json: { userId, activity: happenings, more: live.more || endings.more },
  });
  return EXIT_CODES.done;
}
