import { createHash } from "node:crypto";
import { range } from "d3-array";
import { describeDevice } from "../../src/http/device.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import { benchUser, seededUser, SETTINGS, type Item, type SeededUser } from "../support/seed.ts";
import { grouped } from "../support/tables.ts";

/** When they all logged in. The measuring's clock stands a little later: nothing expires or needs a touch. */
const LOGGED_IN_AT = Date.UTC(2030, 0, 1);
export const MEASURED_AT = LOGGED_IN_AT + 60_000;

const DEVICES = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
].map((userAgent) => describeDevice({ userAgent }));
const PERMISSIONS = [[], [], ["orders.read"], ["orders.read", "orders.write"], ["single_session.logout"]];
const pick = <T>(things: readonly T[], number: number): T => things[number % things.length] as T;

export const deviceOf = (number: number): Device => ({
  ...pick(DEVICES, number),
  id: createHash("sha256").update(`device ${number}`).digest("base64url") as DeviceId,
  address: `198.51.100.${number % 256}`,
});

export const userIdOf = (number: number): string => `user-${String(number).padStart(8, "0")}@example.com`;

export interface GrowthUser extends SeededUser {
  /** From which the user logs in again. */
  readonly nextDevice: Device;
}

/**
 * A user of the tables, with a session as its login would have left it. All of it follows from the number,
 * the token included, so that nobody has to keep a million of them.
 */
export function userOf(number: number): GrowthUser {
  const user = { ...benchUser(userIdOf(number)), permissions: pick(PERMISSIONS, number) };
  const seeded = seededUser(SETTINGS, user.id, LOGGED_IN_AT, { user, device: deviceOf(number) });
  return { ...seeded, nextDevice: deviceOf(number + 1) };
}

/** One table to measure on. */
export interface GrowthTable {
  readonly name: string;
  /** For people: `1,000 again`. */
  readonly label: string;
  readonly sessions: number;
}

/**
 * Users that take part in the measuring. In a larger table only they have rosters: filling it takes half as
 * long.
 */
const MEASURED_USERS = 20_000;

/**
 * A table for each size, and one more of the smallest: what that one differs by is noise, and no growth.
 * @param sizes ascending.
 */
export function growthTables(sizes: readonly number[]): GrowthTable[] {
  const [smallest, ...others] = sizes.map((sessions) => ({
    ...{ name: `growth-${sessions}`, label: grouped(sessions), sessions },
  }));
  if (smallest === undefined) throw new Error("there is no size");
  const { name, label, sessions } = smallest;
  return [smallest, { name: `${name}-again`, label: `${label} again`, sessions }, ...others];
}

type Size = Pick<GrowthTable, "sessions">;

/** Every so many users of a table one takes part: the measured ones lie all over it. */
export const strideOf = ({ sessions }: Size): number => Math.max(1, Math.floor(sessions / MEASURED_USERS));

/** The numbers of the users that take part. */
export const usersOf = (table: Size): number[] => range(0, table.sessions, strideOf(table));

/** What a user has in a table: the session, and the roster of who takes part. */
export const itemsIn =
  (table: Size) =>
  (number: number): Item[] =>
    userOf(number).items.slice(0, number % strideOf(table) === 0 ? 2 : 1);
