import { eventId } from "./event-id.ts";
import type {
  SessionContention,
  SessionEnded,
  SessionEventsLost,
  SessionStarted,
  SessionSuspected,
} from "./events.ts";
import { howEnded, type Removal } from "./how-ended.ts";
import type { SeenPlaces, SeenSession } from "./stream-record.ts";

const VERSION = "1";

const isoTime = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString();

/** What every event of a session says of it. */
function sessionMembers({ id, userId, identitySource, device }: SeenSession) {
  return { userId, sessionId: id, identitySource, device: namedDevice(device) };
}

/** Without what more the item may hold of it: user agent, address, the id that links a person's sessions. */
const namedDevice = ({ label, class: deviceClass }: SeenSession["device"]) => ({ label, class: deviceClass });

/** The events of a session's start: that it began, and the contention that its login raised. */
export function startEvents(session: SeenSession): (SessionStarted | SessionContention)[] {
  const { id, createdAt, contention } = session;
  const time = isoTime(createdAt);
  const started: SessionStarted = {
    version: VERSION,
    id: eventId("started", id),
    kind: "started",
    time,
    ...sessionMembers(session),
  };
  if (contention === undefined) return [started];
  const [one, other] = contention.devices;
  return [
    started,
    {
      ...started,
      id: eventId("contention", id),
      kind: "contention",
      devices: [namedDevice(one), namedDevice(other)],
      displacements: contention.displacements,
      suspicion: contention.suspicion ?? "displacements",
    },
  ];
}

/** The event that one session is used from two places by turns. */
export function suspectedEvent(
  session: SeenSession,
  { suspectedAt, place: { before, switches, ...latest } }: SeenPlaces,
): SessionSuspected {
  return {
    version: VERSION,
    id: eventId("suspected", session.id),
    kind: "suspected",
    time: isoTime(suspectedAt),
    ...sessionMembers(session),
    devices: [namedDevice(before), namedDevice(latest)],
    switches: switches.length,
  };
}

/** The event of a session's end. */
export function endEvent(removal: Removal): SessionEnded {
  const { session } = removal;
  const { reason, time, by } = howEnded(removal);
  return {
    version: VERSION,
    id: eventId("ended", session.id),
    kind: "ended",
    time: isoTime(time),
    ...sessionMembers(session),
    reason,
    ...(by !== undefined && { by }),
    startedAt: isoTime(session.createdAt),
  };
}

/** The event that others may have been lost before a time (epoch milliseconds). */
export function eventsLost(before: number): SessionEventsLost {
  const until = isoTime(before);
  return {
    version: VERSION,
    id: eventId("events-lost", until),
    kind: "events-lost",
    time: until,
    until,
  };
}
