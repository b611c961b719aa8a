import * as z from "zod/mini";
import { LONGEST_USER_ID_BYTES, userIdProblem } from "../sessions/session.ts";

const ACCEPTED = `a user id (a string of 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes in Unicode NFC)`;

/** A user id, as design section 2 has it. */
export const USER_ID = z
  .string({ error: ACCEPTED })
  .check(z.refine((id) => userIdProblem(id) === undefined, { error: ACCEPTED }));
