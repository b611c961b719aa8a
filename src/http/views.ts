import type {
  DeviceView,
  DisplacedView,
  EndingView,
  LiveView,
  SessionView,
  UserSessionView,
  UserView,
} from "../api/parts/views.ts";
import type { Ending } from "../sessions/ending.ts";
import type { PushSettings } from "../sessions/channel.ts";
import type { Device, Session, User } from "../sessions/session.ts";
import type { DisplacedSession } from "../sessions/store.ts";

/** Epoch milliseconds as ISO 8601 in UTC, which is how every time leaves the API. */
export const toIsoTime = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString();

export function showUser({ id, isAdmin, permissions }: User): UserView {
  return { id, isAdmin, permissions };
}

/** The era stays inside: it says nothing to a client, and is mixed into the ids. */
export function showSession(session: Session): SessionView {
  const { id, createdAt, lastSeenAt, idleExpiresAt, expiresAt, device } = session;
  return {
    id,
    createdAt: toIsoTime(createdAt),
    lastSeenAt: toIsoTime(lastSeenAt),
    idleExpiresAt: toIsoTime(idleExpiresAt),
    expiresAt: toIsoTime(expiresAt),
    device: showDevice(device),
  };
}

export function showUserSession(session: Session): UserSessionView {
  return { userId: session.user.id, isAdmin: session.user.isAdmin, ...showSession(session) };
}

/** Where the session's page hears of its end; nothing where push is off, or was when it began. */
export function showLive({ channel }: Session, push: PushSettings | undefined): LiveView | undefined {
  return channel === undefined || push === undefined
    ? undefined
    : { url: push.url, host: push.host, channel };
}

function showDevice(device: Device): DeviceView {
  const { label, class: deviceClass, userAgent, address } = device;
  return {
    label,
    class: deviceClass,
    ...(userAgent !== undefined && { userAgent }),
    ...(address !== undefined && { address }),
  };
}

/** A session that a login displaced: as much as its roster entry tells. */
export function showDisplaced({ id, createdAt, device }: DisplacedSession): DisplacedView {
  return {
    id,
    createdAt: toIsoTime(createdAt),
    device: { label: device.label, class: device.class },
  };
}

export function showEnding(ending: Ending): EndingView {
  const { sessionId, userId, reason, endedAt, endedBy, endedDevice, displacedByDevice } = ending;
  return {
    sessionId,
    userId,
    reason,
    endedAt: toIsoTime(endedAt),
    endedBy,
    ...(endedDevice !== undefined && { endedDevice }),
    ...(displacedByDevice !== undefined && { displacedByDevice }),
  };
}
