import * as z from "zod/mini";
import { LONGEST_USER_ID_BYTES, trimBlank, userIdProblem } from "../../sessions/session.ts";

const ACCEPTED =
  `a user id (a string of 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes in Unicode NFC, ` +
  "without white space or invisible characters at its ends)";

const isUserId = /* @__PURE__ */ z.refine<string>((id) => userIdProblem(id) === undefined, {
  error: ({ input }) => ACCEPTED + blankEnds(input),
});

/** A user id, as design section 2 has it. */
export const USER_ID = z.string({ error: ACCEPTED }).check(isUserId);

/** The same of a list, whose ids come from elsewhere: brought into Unicode's form NFC. */
export const LISTED_USER_ID = z.string({ error: ACCEPTED }).check(z.normalize("NFC"), isUserId);

/** The blank characters at the ends by their code points, for a message: nobody can see them in the value. */
function blankEnds(input: unknown): string {
  if (typeof input !== "string" || trimBlank(input) === input) return "";
  const kept = trimBlank(input);
  const ends = input.startsWith(kept) ? input.slice(kept.length) : input.slice(0, input.indexOf(kept));
  const codePoints = Array.from(ends).slice(0, MOST_SHOWN).map(codePointOf);
  return `; this one ${input.startsWith(kept) ? "ends" : "begins"} with ${codePoints.join(" ")}`;
}

const MOST_SHOWN = 4;

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
