import { toCsv } from "../csv.ts";
import type { LogOutReport } from "./log-out-users.ts";

/**
 * A log-out's result as a table of text, a user a row. Its words are the API's, whatever the language of the
 * page, so that programs can read it.
 */
export function logOutCsv({ loggedOut, skipped, notDone, why }: LogOutReport): string {
  return toCsv([
    ["userId", "outcome", "sessionCount", "reason"],
    ...loggedOut.map(({ userId, sessionCount }) => [userId, "loggedOut", String(sessionCount), ""]),
    ...skipped.map(({ userId, reason }) => [userId, "skipped", "", reason]),
    ...notDone.map((userId) => [userId, "notDone", "", reasonOf(why)]),
  ]);
}

function reasonOf(why: LogOutReport["why"]): string {
  if (why?.reason !== "failure") return why?.reason ?? "";
  return why.failure.outcome === "refused" ? why.failure.problem.code : why.failure.outcome;
}
