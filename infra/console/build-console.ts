/** Puts the built page where the package ships it: `dist/console/`. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { builtConsole } from "./console-build.ts";

const target = join(import.meta.dirname, "../..", "dist", "console");
rmSync(target, { recursive: true, force: true });
cpSync(builtConsole(), target, { recursive: true });
