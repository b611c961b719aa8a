import * as z from "zod";
import { IS_CHANNEL } from "../../sessions/channel.ts";
import { END_REASONS } from "../../sessions/ending.ts";
import { AT_LIMIT } from "../../sessions/policy.ts";
import { DEVICE_CLASSES, LONGEST_USER_ID_BYTES } from "../../sessions/session.ts";
import { IS_BASE64URL_32 } from "../../sessions/token.ts";
import type { Sent } from "./call.ts";
import type {
  AllTrue,
  CallerView,
  DeviceView,
  DisplacedView,
  OwnSessionView,
  Same,
  SessionLimitView,
  SessionView,
  SignedInView,
  UserView,
} from "./shapes.ts";

/**
 * What several responses are made of, each as a schema and as the type that follows from it. Only
 * documentation is made of the schemas; the functions build what they send as these types
 * (`src/http/views.ts`).
 */

/** A time in a response; `words` say of what. */
export const time = (words: string) =>
  z.string().meta({ format: "date-time", description: `${words} ISO 8601, in UTC.` });

/** The id of a session, safe to log and to show. */
export const SESSION_ID = z
  .string()
  .regex(IS_BASE64URL_32)
  .describe("The session id: `base64url(SHA-256(era + token))`. Safe to log and to show.");

export const USER_ID = z
  .string()
  .describe(`A user id: Unicode NFC, 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes.`);
const DEVICE_LABEL = z.string().describe('For people: "Chrome on Windows".');
const DEVICE_CLASS = z.enum(DEVICE_CLASSES).describe("Tablets count as mobile.");

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

/** Who is signed in, and by which session. */
export const SIGNED_IN = z.object({ user: USER, session: SESSION });

/** Where a page hears that something happened to its session. */
export const LIVE = z
  .object({
    url: z.string().meta({ format: "uri" }).describe("The WebSocket: `wss://<host>/event/realtime`."),
    host: z.string().describe("The HTTP host of the API, which connecting and subscribing name."),
    channel: z
      .string()
      .regex(IS_CHANNEL)
      .describe(
        "The session's own name there; the channel is `/sessions/<channel>`. A secret, as the token is.",
      ),
  })
  .describe(
    "Where a page hears that something happened to its session: AWS AppSync Events. What comes there is " +
      "a hint to ask again, and says nothing itself.",
  );

/** What the caller of `GET /session` learns of itself. */
export const CALLER = SIGNED_IN.extend({
  live: LIVE.exactOptional().describe(
    "Absent where push is off, and for sessions that began before it was on.",
  ),
});

/** What a refusal at the session limit says. */
export const SESSION_LIMIT = z.object({
  atLimit: z
    .enum(AT_LIMIT)
    .describe("What the session policy does at the limit. `ask`: log in again with `takeover` or `end`."),
  sessions: z.array(SESSION).describe("The user's live sessions."),
});

/** The cursor of a page. */
export const CURSOR = z.string().exactOptional().describe("For the next page; absent on the last one.");

export const ENDED_COUNT = z.int().min(0).describe("How many sessions ended.");

/** The schemas say what the plain types say. */
export type Checked = AllTrue<
  [
    Same<Sent<z.output<typeof USER>>, UserView>,
    Same<Sent<z.output<typeof DEVICE>>, DeviceView>,
    Same<Sent<z.output<typeof SESSION>>, SessionView>,
    Same<Sent<z.output<typeof OWN_SESSION>>, OwnSessionView>,
    Same<Sent<z.output<typeof DISPLACED_SESSION>>, DisplacedView>,
    Same<Sent<z.output<typeof SIGNED_IN>>, SignedInView>,
    Same<Sent<z.output<typeof CALLER>>, CallerView>,
    Same<Sent<z.output<typeof SESSION_LIMIT>>, SessionLimitView>,
  ]
>;
export type { DeviceView, DisplacedView, LiveView, OwnSessionView, SessionView, UserView } from "./shapes.ts";
/**
 * A session in the administrators' list: whose it is, and whether that user was an administrator at the
 * login.
 */
export type UserSessionView = Sent<z.output<typeof USER_SESSION>>;
/** How a session ended, as the API shows it to administrators. */
export type EndingView = Sent<z.output<typeof ENDING>>;
