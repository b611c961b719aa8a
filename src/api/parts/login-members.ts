import * as z from "zod/mini";
import { HIGHEST_LIMIT } from "../../sessions/policy.ts";
import { DEVICE_CLASSES } from "../../sessions/session.ts";
import { parseSessionId, type SessionId } from "../../sessions/token.ts";

const ENDED = `an array of at most ${HIGHEST_LIMIT} session ids`;
const SESSION_ID = z.pipe(
  z
    .string({ error: "a session id" })
    .check(z.refine((text) => parseSessionId(text) !== undefined, { error: "a session id" })),
  z.transform((text) => text as SessionId),
);

/** Text of any length. */
export const STRING = z.string({ error: "a string" });

/** What a login may say about the sessions there are, when the policy asks (design section 4, `ask`). */
export const AT_THE_LIMIT = {
  takeover: z.optional(z.boolean({ error: "true or false" })),
  end: z.optional(z.array(SESSION_ID, { error: ENDED }).check(z.maxLength(HIGHEST_LIMIT, { error: ENDED }))),
};

/** What a client may say of its device. A label that is too long is cut, as everywhere. */
export const STATED_DEVICE = {
  label: z.optional(STRING),
  class: z.optional(z.enum(DEVICE_CLASSES, { error: DEVICE_CLASSES.join(" or ") })),
};
