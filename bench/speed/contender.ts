import type { Measured } from "../support/rounds.ts";

/** The part of the plot and of the table that a contender belongs to. */
export const GROUPS = {
  reading: "Reading a session",
  starting: "Starting a session, recording activity",
  ending: "Ending sessions",
} as const;
export type Group = keyof typeof GROUPS;

/** What everything is compared with: a bare consistent `GetItem` of the document client, of the same item. */
export const BASELINE = "bare-get";
/** Who is measured many calls at once as well. */
export const LOADED: readonly string[] = [BASELINE, "store-validate", "function-validate", "floor"];

/** What is said of a contender beside its measurements. */
export interface ContenderFacts {
  readonly id: string;
  /** As the tables show it. */
  readonly name: string;
  readonly group: Group;
  /** Whether it is this project's. */
  readonly isOurs: boolean;
  /** The id of the contender that does the same work without what is measured. */
  readonly beside?: string;
  /** The id of the contender that is what there is around it: the time that it takes longer is its own. */
  readonly around?: string;
}

export interface Contender extends ContenderFacts, Measured {}

/**
 * The contenders that a text in their id or name chooses, with what they are compared with; all of them
 * without a text.
 */
export function chosen<T extends ContenderFacts>(contenders: readonly T[], only: string | undefined): T[] {
  if (only === undefined) return [...contenders];
  const wanted = contenders.filter(({ id, name }) =>
    `${id} ${name}`.toLowerCase().includes(only.toLowerCase()),
  );
  const ids = new Set([BASELINE, ...wanted.flatMap(({ id, beside, around }) => [id, beside, around])]);
  return contenders.filter(({ id }) => ids.has(id));
}
