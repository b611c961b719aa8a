import type { Command } from "commander";
import type { SessionId } from "../../src/sessions/token.ts";
import { EXIT_CODES, OperatorError } from "../messages.ts";
import { quoted } from "../printable.ts";
import {
  addCommand,
  carryOut,
  DEFAULT_ACTOR,
  dryRunOption,
  reasonOption,
  sessionIdArgument,
  userIdArgument,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";

interface EndOptions extends CommonOptions {
  readonly includeAdmins?: true;
  readonly actor: string;
  readonly reason?: string;
  readonly dryRun?: true;
}

/** `sessions end`. */
export function addEnd(program: Command): void {
  addCommand(program, "end", "end one session, as revoked", [
    "end K7x0cYk1QGkT6m8YwB3n5sZr2fVdLhJpX9aQeUuItOo",
    "end K7x0cYk1QGkT6m8YwB3n5sZr2fVdLhJpX9aQeUuItOo --include-admins --actor carol",
    'end K7x0cYk1QGkT6m8YwB3n5sZr2fVdLhJpX9aQeUuItOo --reason "stolen laptop"',
  ])
    .argument("<session-id>", "as `sessions list` shows it", sessionIdArgument)
    .option("--include-admins", "also a session of an administrator")
    .option("--actor <name>", "who does it, for the record", userIdArgument, DEFAULT_ACTOR)
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .action((id: SessionId, options: EndOptions) =>
      carryOut(options, (context) => end(context, id, options)),
    );
}

async function end(context: SessionsContext, sessionId: SessionId, options: EndOptions): Promise<number> {
  const { located, functions, show } = context;
  const { endSessionFunction } = located;
  if (endSessionFunction === undefined) {
    throw new OperatorError(
      `${located.title} was deployed before operators could end one session. Deploy it with this version, ` +
        "or end all sessions of the user by `sessions revoke`.",
    );
  }
  const { actor, includeAdmins = false, reason, dryRun } = options;
  const answer = await functions.invoke(endSessionFunction, {
    sessionId,
    includeAdmins,
    actor,
    ...(reason !== undefined && { reason }),
    ...(dryRun === true && { dryRun }),
  });
  if (answer["code"] === undefined) {
    const { userId } = answer;
    const whose = `the session ${sessionId} of ${quoted(String(userId))}`;
    show({
      text: dryRun === true ? `Would end ${whose}. Nothing was changed.` : `Ended ${whose}.`,
      json: { outcome: dryRun === true ? "would-end" : "ended", sessionId, userId },
    });
    return EXIT_CODES.done;
  }
  const detail = typeof answer["detail"] === "string" ? answer["detail"] : JSON.stringify(answer);
  const advice =
    answer["code"] === "permission_required" ? " Say --include-admins to end it all the same." : "";
  show({ text: `${detail}${advice}`, json: { outcome: answer["code"], sessionId } });
  return EXIT_CODES.refused;
}
