import { itemsOf } from "./population.ts";

/** One table to measure on. */
export interface GrowthTable {
  readonly name: string;
  /** For people: `1,000 again`. */
  readonly label: string;
  readonly sessions: number;
}

/** Users whose rosters are in a table where only those are that take part. */
const MEASURED_USERS = 20_000;

/**
 * A table for each size, and one more of the smallest: what that one differs by is noise, and no growth.
 * @param sizes ascending.
 */
export function growthTables(sizes: readonly number[]): GrowthTable[] {
  const tables = sizes.map((sessions) => ({
    name: `growth-${sessions}`,
    label: sessions.toLocaleString("en"),
    sessions,
  }));
  const [smallest] = tables;
  if (smallest === undefined) throw new Error("there is no size");
  return [
    smallest,
    { ...smallest, name: `${smallest.name}-again`, label: `${smallest.label} again` },
    ...tables.slice(1),
  ];
}

/** Every so many users of a table one takes part: the measured ones lie all over it. */
export const strideOf = ({ sessions }: Pick<GrowthTable, "sessions">): number =>
  Math.max(1, Math.floor(sessions / MEASURED_USERS));

/** The numbers of the users that take part. */
export const usersOf = (table: Pick<GrowthTable, "sessions">): number[] =>
  Array.from({ length: Math.ceil(table.sessions / strideOf(table)) }, (_, index) => index * strideOf(table));

/**
 * What a user has in a table: the session, and the roster too unless only those of users are wanted that take
 * part.
 */
export function itemsIn(
  table: Pick<GrowthTable, "sessions">,
  rosters: "all" | "measured",
): (number: number) => Record<string, unknown>[] {
  const stride = strideOf(table);
  return (number) => {
    const items = itemsOf(number);
    return rosters === "all" || number % stride === 0 ? items : items.slice(0, 1);
  };
}
