import * as z from "zod";
import type { AdminLogoutResult } from "../functions/admin-logout-handler.ts";
import type { loginView } from "../functions/log-in.ts";
import type { EndingView, SessionView, UserSessionView, UserView } from "../src/http/views.ts";
import { LONGEST_USER_ID_BYTES, DEVICE_CLASSES } from "../src/sessions/session.ts";
import { END_REASONS } from "../src/sessions/ending.ts";
import type { AllSame, SameType } from "./same-type.ts";

/** What the API answers, as schemas. Below them the compiler compares each with the type of the view that is really sent. */

const time = (words: string) =>
  z.string().meta({ format: "date-time", description: `${words} ISO 8601, in UTC.` });

/** The id of a session, safe to log and to show. */
export const SESSION_ID = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe("The session id: `base64url(SHA-256(era + token))`. Safe to log and to show.");

const USER_ID = z.string().describe(`A user id: Unicode NFC, 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes.`);
const DEVICE_LABEL = z.string().describe('For people: "Chrome on Windows".');
const DEVICE_CLASS = z.enum(DEVICE_CLASSES).describe("Tablets count as mobile.");

const TOKEN = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe(
    "Only with `deliver: token`: the session token, for `Authorization: Bearer`. Whoever holds it is signed in.",
  );

export const USER = z
  .object({ id: USER_ID, isAdmin: z.boolean(), permissions: z.array(z.string()) })
  .describe("Who is signed in, as it was at the login.");

export const DEVICE = z
  .object({
    label: DEVICE_LABEL,
    class: DEVICE_CLASS,
    userAgent: z.string().exactOptional().describe("As the client sent it, capped at 256 characters."),
    address: z.string().exactOptional().describe("The source address that the API saw."),
  })
  .describe("What can be said of the client. Nothing of it is proven.");

const SESSION_MEMBERS = {
  id: SESSION_ID,
  createdAt: time("When the user logged in."),
  lastSeenAt: time("The last activity that was recorded, which is done at intervals."),
  idleExpiresAt: time("When the session expires unless there is activity."),
  expiresAt: time("When it expires whatever happens."),
  device: DEVICE,
};

export const SESSION = z.object(SESSION_MEMBERS).describe("One signed-in device or client of one user.");

export const OWN_SESSION = z
  .object({
    ...SESSION_MEMBERS,
    current: z.literal(true).exactOptional().describe("Only on the session that asked."),
  })
  .describe("One of the caller's own sessions.");

export const USER_SESSION = z
  .object({
    userId: USER_ID,
    isAdmin: z.boolean().describe("Whether the user was an administrator at the login."),
    ...SESSION_MEMBERS,
  })
  .describe("A session in the administrators' list.");

export const DISPLACED_SESSION = z
  .object({
    id: SESSION_ID,
    createdAt: time("When the user had logged in there."),
    device: z.object({ label: DEVICE_LABEL, class: DEVICE_CLASS }),
  })
  .describe("A session that a login displaced.");

export const ENDING = z
  .object({
    sessionId: SESSION_ID,
    userId: USER_ID,
    reason: z.enum(END_REASONS),
    endedAt: time("When it ended."),
    endedBy: z
      .string()
      .describe(
        "The user id of who ended it; for `revoked` the administrator, or the rule or operator that acted.",
      ),
    endedDevice: DEVICE_LABEL.exactOptional().describe(
      "The device whose session it was; absent in endings that were recorded before it was kept.",
    ),
    displacedByDevice: DEVICE_LABEL.exactOptional().describe("For `displaced`: the device that signed in."),
  })
  .describe("Why, when and by whom a session ended.");

export const SIGNED_IN = z.object({ user: USER, session: SESSION });

export const LOGIN = z.object({
  user: USER,
  session: SESSION,
  displaced: z.array(DISPLACED_SESSION).describe("Exactly the sessions that this login displaced."),
});

export const LOGIN_ANSWER = LOGIN.extend({ token: TOKEN.exactOptional() });

export const OWN_SESSIONS = z.object({ sessions: z.array(OWN_SESSION).describe("Newest first.") });

const CURSOR = z.string().exactOptional().describe("For the next page; absent on the last one.");

export const SESSION_PAGE = z.object({
  sessions: z
    .array(USER_SESSION)
    .describe("In no order, but of one user newest first. A page may be short, or empty."),
  cursor: CURSOR,
});

export const ENDING_PAGE = z.object({ endings: z.array(ENDING).describe("Newest first."), cursor: CURSOR });

const COUNT = z.int().min(0);

export const SESSION_COUNT = z.object({ sessionCount: COUNT.describe("How many sessions ended.") });

export const ADMIN_LOGOUT = z
  .object({
    loggedOut: z.array(
      z.object({ userId: USER_ID, sessionCount: COUNT.describe("How many sessions ended.") }),
    ),
    skipped: z.array(z.object({ userId: USER_ID, reason: z.literal("administrator") })),
    unfinished: z.array(USER_ID).describe("Time ran short: send these again."),
  })
  .describe("Each user id of the request is in exactly one of the lists.");

/** Does not compile where a schema is not what is sent. */
export type ViewsAgree = AllSame<
  [
    SameType<z.infer<typeof USER>, UserView>,
    SameType<z.infer<typeof SESSION>, SessionView>,
    SameType<z.infer<typeof USER_SESSION>, UserSessionView>,
    SameType<z.infer<typeof ENDING>, EndingView>,
    SameType<z.infer<typeof LOGIN>, ReturnType<typeof loginView>>,
    SameType<z.infer<typeof ADMIN_LOGOUT>, AdminLogoutResult>,
  ]
>;
