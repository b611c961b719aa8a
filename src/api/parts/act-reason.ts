import * as z from "zod/mini";
import { LONGEST_ACT_REASON } from "../../activity/activity.ts";
import { CONTROL_CHARACTERS } from "../../identity/user-name.ts";
import { trimBlank } from "../../sessions/session.ts";

const ACCEPTED =
  `a text of 1 to ${LONGEST_ACT_REASON} characters that is not blank and has no control characters or ` +
  "line breaks";

/**
 * Why an administrator acts, in the administrator's own words: for the audit line and the record of activity,
 * which only administrators read. It is shown in logs and tables, where nothing in it may break a line.
 */
export const ACT_REASON = z
  .string({ error: ACCEPTED })
  .check(
    z.refine(
      (text) =>
        trimBlank(text) !== "" &&
        text.isWellFormed() &&
        Array.from(text).length <= LONGEST_ACT_REASON &&
        !CONTROL_CHARACTERS.test(text),
      { error: ACCEPTED },
    ),
  );
