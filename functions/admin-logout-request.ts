import * as z from "zod/mini";
import { fields } from "../src/http/schema.ts";
import { USER_ID } from "../src/http/user-id-schema.ts";
import { LONGEST_USER_ID_BYTES } from "../src/sessions/session.ts";

const MOST_USERS = 1000;
const USER_IDS = `an array of 1 to ${MOST_USERS} user ids`;
const INCLUDE_ADMINS = "true or false";

const REQUEST = {
  userIds: z
    .array(USER_ID, { error: USER_IDS })
    .check(z.minLength(1, { error: USER_IDS }), z.maxLength(MOST_USERS, { error: USER_IDS })),
  includeAdmins: z._default(z.boolean({ error: INCLUDE_ADMINS }), false),
};

/** The body of `POST /admin/logout`. */
export const ADMIN_LOGOUT_BODY = fields(REQUEST);

/** A direct invocation: the invoker may name who is behind it, for the endings and the audit line. */
export const DIRECT_ADMIN_LOGOUT = fields({ ...REQUEST, actor: z._default(USER_ID, "direct-invocation") });

/** As many ids as are accepted, of the greatest length, every byte of them a six-character JSON escape, and the rest. */
export const LARGEST_ADMIN_LOGOUT_BYTES = MOST_USERS * (LONGEST_USER_ID_BYTES * 6 + 4) + 1024;

/**
 * The request in an event of EventBridge is its `detail`; who acts is its `source` where the detail names nobody. Any
 * other event is the request itself.
 */
export function unwrapEventBridge(event: unknown): unknown {
  if (!isObject(event) || !("detail-type" in event) || !isObject(event["detail"])) return event;
  return { actor: event["source"], ...event["detail"] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
