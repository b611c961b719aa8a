import * as z from "zod/mini";
import { fields } from "../src/http/schema.ts";
import { USER_ID } from "../src/http/user-id-schema.ts";
import { LONGEST_USER_ID_BYTES } from "../src/sessions/session.ts";

const MOST_USERS = 1000;
const USER_IDS = `an array of 1 to ${MOST_USERS} user ids`;
const TRUE_OR_FALSE = "true or false";

const REQUEST = {
  userIds: z
    .array(USER_ID, { error: USER_IDS })
    .check(z.minLength(1, { error: USER_IDS }), z.maxLength(MOST_USERS, { error: USER_IDS })),
  includeAdmins: z._default(z.boolean({ error: TRUE_OR_FALSE }), false),
};

/** The body of `POST /admin/logout`. */
export const ADMIN_LOGOUT_BODY = fields(REQUEST);

const ACTED = { ...REQUEST, actor: z._default(USER_ID, "direct-invocation") };

/** A direct invocation: the invoker may name who is behind it, for the endings and the audit lines. */
export const DIRECT_ADMIN_LOGOUT = fields({
  ...ACTED,
  /** Whether the invoker reads no answer, so that what goes wrong must be thrown. */
  asynchronous: z.optional(z.literal(false, { error: TRUE_OR_FALSE })),
});

/** The same where nobody reads the answer. */
export const ADMIN_LOGOUT_EVENT = fields({
  ...ACTED,
  asynchronous: z.optional(z.boolean({ error: TRUE_OR_FALSE })),
});

/** As many ids as are accepted, of the greatest length, every byte of them a six-character JSON escape, and the rest. */
export const LARGEST_ADMIN_LOGOUT_BYTES = MOST_USERS * (LONGEST_USER_ID_BYTES * 6 + 4) + 1024;
