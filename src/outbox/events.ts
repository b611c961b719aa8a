import type { EventBridgeEvent } from "aws-lambda";
import * as z from "zod";
import { ENDED_REASONS } from "../sessions/ending.ts";
import { CONTENTION_SUSPICIONS, DEVICE_CLASSES, LONGEST_USER_ID_BYTES } from "../sessions/session.ts";
import { IS_BASE64URL_32 } from "../sessions/token.ts";
import type { DETAIL_TYPES } from "./names.ts";

/**
 * What events say: the `detail` of each, as a schema and as the type that follows from it. Only documentation
 * and tests use the schemas, and no function imports them: the function builds what it tells as these types.
 * None of them holds a token, a channel, an address or a user agent.
 */

const VERSION = z
  .literal("1")
  .describe("Members may be added within a version: ignore those that you do not know.");
const EVENT_ID = z
  .string()
  .regex(IS_BASE64URL_32)
  .describe(
    "The same whenever the event is told again, which happens. Drop an event whose id you have seen.",
  );
const time = (words: string) =>
  z.string().meta({ format: "date-time", description: `${words} ISO 8601, in UTC.` });

const DEVICE = z
  .object({
    label: z.string().describe('For people: "Chrome on Windows".'),
    class: z.enum(DEVICE_CLASSES).describe("Tablets count as mobile."),
  })
  .describe("The device whose session it is. Nothing of it is proven.");

const SESSION_MEMBERS = {
  userId: z.string().describe(`Unicode NFC, 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes.`),
  sessionId: z.string().regex(IS_BASE64URL_32).describe("Safe to log and to show."),
  identitySource: z
    .string()
    .describe("What vouched for the user: `passwords`, `trusted` or an OIDC source's name."),
  device: DEVICE,
};

export const SESSION_STARTED = z
  .object({
    version: VERSION,
    id: EVENT_ID,
    kind: z.literal("started"),
    time: time("When the session began."),
    ...SESSION_MEMBERS,
  })
  .describe("A session began: somebody signed in.");

export const SESSION_ENDED = z
  .object({
    version: VERSION,
    id: EVENT_ID,
    kind: z.literal("ended"),
    time: time("When the session ended. Expired ones are told later than that, by up to days."),
    ...SESSION_MEMBERS,
    reason: z
      .enum(ENDED_REASONS)
      .describe(
        "`displaced` by a newer login, `logged_out` by its own user, `revoked` by an administrator or a " +
          "rule, `expired` by a timeout; `unknown` where a revocation ended it without having seen it.",
      ),
    by: z
      .object({
        id: z
          .string()
          .describe("The user id of who ended it; for `revoked` the administrator, rule or operator."),
        device: z
          .string()
          .exactOptional()
          .describe("For `displaced`: the label of the device that signed in."),
      })
      .exactOptional()
      .describe("By whom. Absent for `expired` and `unknown`."),
    startedAt: time("When the session began."),
  })
  .describe("A session ended.");

export const SESSION_CONTENTION = z
  .object({
    version: VERSION,
    id: EVENT_ID,
    kind: z.literal("contention"),
    time: time("When the last of the displacements was made."),
    ...SESSION_MEMBERS,
    devices: z.tuple([DEVICE, DEVICE]).describe("The device that was displaced, and the one that signed in."),
    displacements: z
      .int()
      .min(1)
      .describe(
        "How often they displaced each other within 10 minutes; for `returns` how often the second one " +
          "signed in again, within 24 hours.",
      ),
    suspicion: z
      .enum(CONTENTION_SUSPICIONS)
      .describe(
        "`displacements`: the two displaced each other again and again. `returns`: the second one was " +
          "displaced while it was in use and signed in again soon, several times.",
      ),
  })
  .describe("Two devices keep displacing each other, the sign of a shared account.");

export const SESSION_SUSPECTED = z
  .object({
    version: VERSION,
    id: EVENT_ID,
    kind: z.literal("suspected"),
    time: time("When the last switch between the two was seen."),
    ...SESSION_MEMBERS,
    devices: z
      .tuple([DEVICE, DEVICE])
      .describe("The two clients that use the session by turns, by their user agents; the later one last."),
    switches: z
      .int()
      .min(1)
      .describe("How often the session was used again by the client before, within 10 minutes."),
  })
  .describe("One session is used from two places by turns, the sign of a copied token. Told once a session.");

export const SESSION_EVENTS_LOST = z
  .object({
    version: VERSION,
    id: EVENT_ID,
    kind: z.literal("events-lost"),
    time: time("The same as `until`."),
    until: time("Events of changes before this time may never have been told."),
  })
  .describe("The outbox was behind by nearly 24 hours, after which the table's stream forgets changes.");

type Told<Schema extends z.ZodType> = Readonly<z.output<Schema>>;
export type SessionStarted = Told<typeof SESSION_STARTED>;
export type SessionEnded = Told<typeof SESSION_ENDED>;
export type SessionContention = Told<typeof SESSION_CONTENTION>;
export type SessionSuspected = Told<typeof SESSION_SUSPECTED>;
export type SessionEventsLost = Told<typeof SESSION_EVENTS_LOST>;

/** The `detail` of any event. */
export type SessionEvent =
  SessionStarted | SessionEnded | SessionContention | SessionSuspected | SessionEventsLost;
export type EventKind = SessionEvent["kind"];

/** Events as a Lambda function gets them that is the target of a rule. */
export type SessionStartedEvent = EventBridgeEvent<typeof DETAIL_TYPES.started, SessionStarted>;
export type SessionEndedEvent = EventBridgeEvent<typeof DETAIL_TYPES.ended, SessionEnded>;
export type SessionContentionEvent = EventBridgeEvent<typeof DETAIL_TYPES.contention, SessionContention>;
export type SessionSuspectedEvent = EventBridgeEvent<typeof DETAIL_TYPES.suspected, SessionSuspected>;
export type SessionEventsLostEvent = EventBridgeEvent<typeof DETAIL_TYPES.eventsLost, SessionEventsLost>;

/** The schemas by the names that they have in the package's `events.json`. */
export const EVENT_SCHEMAS = {
  SessionStarted: SESSION_STARTED,
  SessionEnded: SESSION_ENDED,
  SessionContention: SESSION_CONTENTION,
  SessionSuspected: SESSION_SUSPECTED,
  SessionEventsLost: SESSION_EVENTS_LOST,
} as const;
