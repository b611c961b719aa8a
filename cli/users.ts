/** `npm run users`. */
import { run } from "./run.ts";
import { usersProgram } from "./users-program.ts";

await run(usersProgram());
