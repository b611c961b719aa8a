import { trimBlank, userIdProblem } from "../sessions/session.ts";

/**
 * What no name here contains: a line of a log or a table must not be broken or disguised by one. That is done
 * by control characters, by changes of direction, and by what has no width; joiners are a part of words in
 * some scripts.
 */
export const CONTROL_CHARACTERS =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/**
 * A name as the directory has it, for what people typed or pasted: in Unicode NFC, without white space and
 * invisible characters at its ends. Case counts.
 */
export const canonicalUserName = (typed: string): string => trimBlank(typed.normalize("NFC"));

/**
 * Why `userName` cannot be a name in the password directory, or `undefined` where it can. Names are user ids
 * as they are (design section 2); a colon would let them pass for the ids of an OIDC source.
 */
export function userNameProblem(userName: string): string | undefined {
  const problem = userIdProblem(userName);
  if (problem !== undefined) return problem;
  if (userName.includes(":")) return "must not contain a colon";
  if (CONTROL_CHARACTERS.test(userName))
    return "must not contain control characters, line breaks or invisible characters";
  return undefined;
}
