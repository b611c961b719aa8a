import { userIdProblem } from "../sessions/session.ts";

/** What no name here contains: a line of a log or a table must not be broken or disguised by one. */
export const CONTROL_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Why `userName` cannot be a name in the password directory, or `undefined` where it can. Names are user ids as they are
 * (design section 2); a colon would let them pass for the ids of an OIDC source.
 */
export function userNameProblem(userName: string): string | undefined {
  const problem = userIdProblem(userName);
  if (problem !== undefined) return problem;
  if (userName.includes(":")) return "must not contain a colon";
  if (CONTROL_CHARACTERS.test(userName)) return "must not contain control characters or line breaks";
  if (userName.trim() !== userName) return "must not begin or end with white space";
  return undefined;
}
