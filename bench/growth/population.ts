import { range } from "d3-array";
import { seededUser, SETTINGS, type Item, type SeededUser } from "../support/seed.ts";
import { grouped } from "../support/tables.ts";

/** When they all logged in. The measuring's clock stands a little later: nothing expires or needs a touch. */
const LOGGED_IN_AT = Date.UTC(2030, 0, 1);
export const MEASURED_AT = LOGGED_IN_AT + 60_000;

export const userIdOf = (number: number): string => `user-${String(number).padStart(8, "0")}@example.com`;

/**
 * A user of the tables, with a session as its login would have left it. All of it follows from the number,
 * the token included, so that nobody has to keep a million of them.
 */
export const userOf = (number: number): SeededUser => seededUser(SETTINGS, userIdOf(number), LOGGED_IN_AT);

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
