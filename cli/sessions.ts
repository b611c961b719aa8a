/** `npm run sessions`. */
import { run } from "./run.ts";
import { sessionsProgram } from "./sessions/program.ts";

await run(sessionsProgram());
