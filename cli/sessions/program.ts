import { Command } from "commander";
import { addActivity } from "./activity.ts";
import { addDoctor } from "./doctor.ts";
import { addEnd } from "./end.ts";
import { addList } from "./list.ts";
import { addJobs } from "./jobs.ts";
import { addErase, addExport } from "./person.ts";
import { addRedriveEvents } from "./redrive-events.ts";
import { addRevoke } from "./revoke.ts";
import { addShow } from "./show.ts";
import { addTail } from "./tail.ts";
import { addUnlock } from "./unlock.ts";

const HELP = `
Each command has its own --help, with examples. What begins with - and is no option comes after --, as in
\`revoke -- -dash\`.

Exit code: 0 done, 1 refused, not found or left unfinished, 2 a wrong call, 130 stopped by Ctrl-C.`;

/** `sessions`: a program of its own, or a part of one. Each command adds itself. */
export function sessionsProgram(): Command {
  const program = new Command("sessions")
    .description("See and end people's sessions, on the local stack or on a deployed one.")
    .exitOverride()
    .showHelpAfterError("Run with --help to see what is accepted.")
    .addHelpText("after", HELP);
  addList(program);
  addShow(program);
  addEnd(program);
  addRevoke(program);
  addJobs(program);
  addActivity(program);
  addTail(program);
  addUnlock(program);
  addRedriveEvents(program);
  addDoctor(program);
  addExport(program);
  addErase(program);
  return program;
}
