import { createRequire } from "node:module";
import { dirname, extname } from "node:path";

/**
 * The one place that asks where its file is. The constructs are published as CommonJS (`build-package.ts`),
 * where esbuild puts `__filename` here.
 */
const HERE = import.meta.filename;

/** The folder that has `functions/` and `src/` in it: this repository, or `dist/` of the package. */
export const PACKAGE_FOLDER = dirname(dirname(HERE));

/** Whether this runs from its sources, and not from the package. */
export const IS_REPOSITORY = extname(HERE) === ".ts";

/** Finds what is installed beside this package. */
export const requireFromHere = createRequire(HERE);
