/** `npm start`: what `npx serverless-single-session dev` is elsewhere, on this repository's own app. */
import { run } from "../cli/run.ts";
import { devProgram } from "./dev/program.ts";

await run(devProgram().name("npm start --"));
