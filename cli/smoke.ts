/** `npm run smoke`. */
import { run } from "./run.ts";
import { smokeProgram } from "./smoke-program.ts";

await run(smokeProgram());
