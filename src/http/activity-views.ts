import type { ActivityRecord } from "../activity/activity.ts";
import type { ActivityHour, Suspect } from "../activity/store.ts";
import type {
  ActivityDeviceView,
  ActivityHourView,
  ActivityView,
  OwnActivityView,
  SuspectView,
} from "../api/parts/activity-views.ts";
import { toIsoTime } from "./views.ts";

/** What the API shows of activity, each member by its name: what a record may get more stays inside. */

const showDevice = ({ label, class: deviceClass }: ActivityDeviceView): ActivityDeviceView => ({
  label,
  class: deviceClass,
});

type Pair = readonly [ActivityDeviceView, ActivityDeviceView];
const showDevices = ([one, other]: Pair): Pair => [showDevice(one), showDevice(other)];

/** A record for administrators. */
export function showActivity(record: ActivityRecord): ActivityView {
  const { id, at, kind, userId, sessionId, identitySource, device, devices } = record;
  const { suspicion, times, reason, by, startedAt, act } = record;
  return {
    id,
    time: toIsoTime(at),
    kind,
    ...(userId !== undefined && { userId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(identitySource !== undefined && { identitySource }),
    ...(device && { device: showDevice(device) }),
    ...(devices && { devices: showDevices(devices) }),
    ...(suspicion !== undefined && { suspicion }),
    ...(times !== undefined && { times }),
    ...(reason !== undefined && { reason }),
    ...(by && { by }),
    ...(startedAt !== undefined && { startedAt: toIsoTime(startedAt) }),
    ...(act && { act }),
  };
}

/** What a user is shown of what happened to the own sessions. */
export const OWN_KINDS = ["started", "ended", "denied"] as const;
type OwnKind = (typeof OWN_KINDS)[number];
const isOwnKind = (kind: string): kind is OwnKind => OWN_KINDS.some((own) => own === kind);

/**
 * A record for the user whom it is about; nothing where it is of a kind that users are not shown.
 * @param currentId the session that asks.
 */
export function showOwnActivity(record: ActivityRecord, currentId: string): OwnActivityView | undefined {
  const { id, at, kind, sessionId, device, reason, startedAt } = record;
  if (!isOwnKind(kind)) return undefined;
  const by = showOwnBy(record);
  return {
    id,
    time: toIsoTime(at),
    kind,
    ...(sessionId !== undefined && { sessionId }),
    ...(sessionId === currentId && { current: true as const }),
    ...(device && { device: showDevice(device) }),
    ...(reason !== undefined && { reason }),
    ...(by && { by }),
    ...(startedAt !== undefined && { startedAt: toIsoTime(startedAt) }),
  };
}

/** Never who it was, where it was somebody else. */
function showOwnBy({ by, userId }: ActivityRecord): OwnActivityView["by"] {
  if (by === undefined) return undefined;
  if (by.id !== userId) return { administrator: true };
  return by.device === undefined ? { self: true } : { device: by.device };
}

export function showSuspect(suspect: Suspect): SuspectView {
  const { userId, firstAt, lastAt, times, suspicions, devices, sessionId } = suspect;
  return {
    userId,
    firstAt: toIsoTime(firstAt),
    lastAt: toIsoTime(lastAt),
    times,
    suspicions,
    devices: showDevices(devices),
    ...(sessionId !== undefined && { sessionId }),
  };
}

export function showHour(shown: ActivityHour): ActivityHourView {
  const { hour, started, ended, denied, throttled, suspected, live } = shown;
  return {
    hour: toIsoTime(hour),
    started,
    ended,
    denied,
    throttled,
    suspected,
    ...(live !== undefined && { live }),
  };
}
