import { createHash } from "node:crypto";
import { describeDevice } from "../../src/http/device.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import {
  idleExpiry,
  type Device,
  type DeviceId,
  type Session,
  type User,
} from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";

/**
 * The users of the tables, each with one session as its login would have left it. All of a user follows from
 * its number, tokens included, so that nobody has to keep a million of them, and a table that was filled
 * before can be used again.
 */

/**
 * When they all logged in. The clock of the measuring stands a little later: nothing expires, and nothing
 * needs a touch.
 */
export const LOGGED_IN_AT = Date.UTC(2030, 0, 1);
export const MEASURED_AT = LOGGED_IN_AT + 60_000;

export const SETTINGS: SessionSettings = {
  era: "1",
  timeouts: { idle: 30 * 60_000, absolute: 12 * 60 * 60_000 },
  logoutAllSessions: true,
};

const USER_AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
];
const PERMISSIONS = [[], [], ["orders.read"], ["orders.read", "orders.write"], ["single_session.logout"]];

const DEVICES = USER_AGENTS.map((userAgent) => describeDevice({ userAgent }));

const pick = <T>(things: readonly T[], number: number): T => things[number % things.length] as T;
const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

export const userIdOf = (number: number): string => `user-${String(number).padStart(8, "0")}@example.com`;

export const userOf = (number: number): User => ({
  id: userIdOf(number),
  isAdmin: false,
  permissions: pick(PERMISSIONS, number),
});

export const deviceOf = (number: number): Device => ({
  ...pick(DEVICES, number),
  id: hash(`device ${number}`) as DeviceId,
  address: `198.51.100.${number % 256}`,
});

/** The token of a user's session: of the right shape, and secret to nobody. */
export function tokenOf(number: number): SessionToken {
  const token = SessionToken.parse(hash(`token ${number}`));
  if (token === undefined) throw new Error("a hash has the shape of a token");
  return token;
}

export function sessionOf(number: number): Session {
  const expiresAt = LOGGED_IN_AT + SETTINGS.timeouts.absolute;
  return {
    id: tokenOf(number).sessionId(SETTINGS.era),
    user: userOf(number),
    identitySource: "trusted",
    device: deviceOf(number),
    era: SETTINGS.era,
    createdAt: LOGGED_IN_AT,
    lastSeenAt: LOGGED_IN_AT,
    idleExpiresAt: idleExpiry(LOGGED_IN_AT, expiresAt, SETTINGS.timeouts),
    expiresAt,
  };
}

/** The two items of a user: session and roster. */
export function itemsOf(number: number): Record<string, unknown>[] {
  const session = sessionOf(number);
  const roster = toRosterItem(session.user.id, {
    version: hash(`version ${number}`).slice(0, 16),
    entries: [entryOf(session)],
    leaving: [],
    changedAt: LOGGED_IN_AT,
    displacements: [],
  });
  return [{ ...toSessionItem(session) }, { ...roster }];
}
