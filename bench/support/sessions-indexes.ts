import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX } from "../../src/sessions/table.ts";
import type { IndexShape } from "./units.ts";

/** The indexes of the sessions table, as the construct declares them. */
export const SESSIONS_INDEXES: readonly IndexShape[] = [
  { ...BY_USER_INDEX, projection: "keys-only" },
  { ...ENDINGS_BY_USER_INDEX, projection: "all" },
];
