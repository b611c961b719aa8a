import type { Session } from "../sessions/session.ts";
import { problem, type Problem } from "./problem.ts";

/**
 * 403 for a caller who logged in too long ago (ASVS 7.5.2). Every login makes a new session, so a session is
 * as old as the login; a bound one is admitted at its first use, and is as old as the sign-in at the
 * provider.
 * @param what does it, for the beginning of the text: "Ending another session".
 * @param options.reauthWithin how old a login may be, in milliseconds; `now` is epoch milliseconds.
 */
export function recentLoginProblem(
  { createdAt, signedInAt = createdAt, bound }: Pick<Session, "createdAt" | "signedInAt" | "bound">,
  what: string,
  { reauthWithin, now }: { readonly reauthWithin: number | "none"; readonly now: number },
): Problem | undefined {
  const loggedInAt = bound === true ? signedInAt : createdAt;
  if (reauthWithin === "none" || now - loggedInAt < reauthWithin) return undefined;
  const seconds = reauthWithin / 1000;
  return problem("reauthentication_required", {
    detail: `${what} needs a login within the last ${seconds} seconds. Log in again and retry.`,
    reauthWithin: seconds,
  });
}
