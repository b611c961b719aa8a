import * as z from "zod";
import {
  ACT_OUTCOMES,
  ACTIVITY_KINDS,
  ADMINISTRATORS_ACTIONS,
  MOST_TARGETS,
  SUSPICIONS,
} from "../../activity/activity.ts";
import { ENDED_REASONS } from "../../sessions/ending.ts";
import { DEVICE_CLASSES } from "../../sessions/session.ts";
import type { Sent } from "./call.ts";
import type {
  ActivityDeviceView,
  ActivityHourView,
  ActivityView,
  AdministratorsActView,
  AllTrue,
  OwnActivityView,
  Same,
  SuspectView,
} from "./shapes.ts";
import { SESSION_ID, time, USER_ID } from "./views.ts";

/** What the answers about activity are made of; see `views.ts`, of which this is the other half. */

const count = (words: string) => z.int().min(0).describe(words);

const KIND = z
  .enum(ACTIVITY_KINDS)
  .describe(
    "`started`: a sign-in. `ended`: the end of a session. `contention`: two devices displace each " +
      "other. `suspected`: one token is used from two places. `denied`: a sign-in that the session limit " +
      "refused. `throttled`: an account or address that had too many failed attempts. `administered`: an " +
      "administrators' act.",
  );
const SUSPICION = z
  .enum(SUSPICIONS)
  .describe(
    "`displacements`: two devices displace each other again and again. `returns`: a device that was " +
      "displaced while in use signs in again. `places`: one token is used from two places.",
  );
const REASON = z.enum(ENDED_REASONS).describe("Of `ended`: why.");

export const ACTIVITY_DEVICE = z
  .object({ label: z.string(), class: z.enum(DEVICE_CLASSES) })
  .describe("What is kept of a device: never an address or a user agent. Nothing of it is proven.");
const DEVICE_PAIR = z.tuple([ACTIVITY_DEVICE, ACTIVITY_DEVICE]).readonly();

export const ADMINISTRATORS_ACT = z
  .object({
    action: z.enum(ADMINISTRATORS_ACTIONS),
    actor: z.string().describe("The user id of who acted, or what an operator or a rule called itself."),
    outcome: z.enum(ACT_OUTCOMES),
    targets: z.array(USER_ID).max(MOST_TARGETS).describe("The users that it was about, at most 100 of them."),
    targetCount: count("How many it was about."),
    sessionCount: count("How many sessions ended, or would have.").exactOptional(),
    reason: z.string().exactOptional().describe("Why, in the words of who acted. For administrators only."),
    requestId: z.string().describe("The log lines of the call have it."),
  })
  .describe("What was done on an administrator's, an operator's or a rule's account.");

export const ACTIVITY = z
  .object({
    id: z.string(),
    time: time("When it happened."),
    kind: KIND,
    userId: USER_ID.exactOptional(),
    sessionId: SESSION_ID.exactOptional(),
    identitySource: z.string().exactOptional().describe("What vouched for the user."),
    device: ACTIVITY_DEVICE.exactOptional(),
    devices: DEVICE_PAIR.exactOptional().describe("Of `contention` and `suspected`."),
    suspicion: SUSPICION.exactOptional(),
    times: count("How many displacements, returns or switches of place there were.").exactOptional(),
    reason: REASON.exactOptional(),
    by: z
      .object({
        id: z.string().describe("Who ended it: a user id, or what an operator or a rule called itself."),
        device: z
          .string()
          .exactOptional()
          .describe("For `displaced`: the label of the device that signed in."),
      })
      .exactOptional()
      .describe("Of `ended`: by whom."),
    startedAt: time("Of `ended`: when the session began.").exactOptional(),
    act: ADMINISTRATORS_ACT.exactOptional(),
  })
  .describe("Something that happened, as administrators see it.");

export const OWN_ACTIVITY = z
  .object({
    id: z.string(),
    time: time("When it happened."),
    kind: z
      .enum(["started", "ended", "denied"])
      .describe(
        "`started`: a sign-in. `ended`: the end of a session. `denied`: a sign-in that the session " +
          "limit refused.",
      ),
    sessionId: SESSION_ID.exactOptional(),
    current: z.literal(true).exactOptional().describe("Only where it is about the session that asked."),
    device: ACTIVITY_DEVICE.exactOptional(),
    reason: REASON.exactOptional(),
    by: z
      .union([
        z.object({ self: z.literal(true) }),
        z.object({ device: z.string().describe("The label of the device that signed in.") }),
        z.object({ administrator: z.literal(true) }),
      ])
      .exactOptional()
      .describe("Of `ended`: oneself, one's device that signed in, or an administrator, operator or rule."),
    startedAt: time("Of `ended`: when the session began.").exactOptional(),
  })
  .describe("Something that happened to the caller's own sessions.");

export const SUSPECT = z
  .object({
    userId: USER_ID,
    firstAt: time("When it was first noticed."),
    lastAt: time("When it was last noticed."),
    times: count("How often it was noticed."),
    suspicions: z.array(SUSPICION),
    devices: DEVICE_PAIR.describe("The two devices, as they were last noticed."),
    sessionId: SESSION_ID.exactOptional().describe("The session that it was last noticed of."),
  })
  .describe("Somebody who seems to share an account, or whose session is used from two places.");

export const ACTIVITY_HOUR = z
  .object({
    hour: time("When the hour began."),
    started: count("Sessions that began."),
    ended: z.object({
      displaced: z.int().min(0),
      logged_out: z.int().min(0),
      revoked: z.int().min(0),
      expired: z.int().min(0),
      unknown: z.int().min(0),
    }),
    denied: count("Sign-ins that the session limit refused."),
    throttled: count("Accounts and addresses that had too many failed attempts."),
    suspected: count("Suspicions of a shared account or a copied token."),
    live: z
      .int()
      .min(0)
      .exactOptional()
      .describe("How many sessions were live, as last measured in that hour; absent where it was not."),
  })
  .describe("What happened in one hour.");

/** The schemas say what the plain types say. */
export type Checked = AllTrue<
  [
    Same<Sent<z.output<typeof ACTIVITY_DEVICE>>, ActivityDeviceView>,
    Same<Sent<z.output<typeof ADMINISTRATORS_ACT>>, AdministratorsActView>,
    Same<Sent<z.output<typeof ACTIVITY>>, ActivityView>,
    Same<Sent<z.output<typeof OWN_ACTIVITY>>, OwnActivityView>,
    Same<Sent<z.output<typeof SUSPECT>>, SuspectView>,
    Same<Sent<z.output<typeof ACTIVITY_HOUR>>, ActivityHourView>,
  ]
>;
export type {
  ActivityDeviceView,
  ActivityHourView,
  ActivityView,
  AdministratorsActView,
  OwnActivityView,
  SuspectView,
} from "./shapes.ts";
