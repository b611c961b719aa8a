/** The part of the plot and of the table that a contender belongs to. */
export const GROUPS = {
  reading: "Reading a session",
  starting: "Starting a session, recording activity",
  ending: "Ending sessions",
} as const;
export type Group = keyof typeof GROUPS;

/** What everything is compared with: a bare consistent `GetItem` of the document client, of the same item. */
export const BASELINE = "bare-get";

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

/** Does the work once. Throws where the answer is not what it has to be: a fast wrong answer is none. */
export type OneCall = () => Promise<void>;

/** Something whose calls are measured. */
export interface Contender extends ContenderFacts {
  /**
   * How many calls a block has for each hundred that the others have; 100 unless given. For calls that do
   * much at once.
   */
  readonly share?: number;
  /** Makes what so many calls need, which is not measured. The call it gives is made at most that often. */
  prepare(calls: number): Promise<OneCall>;
}

/** What can be told to another process. */
export const factsOf = ({ id, name, group, isOurs, beside, around }: Contender): ContenderFacts => ({
  id,
  name,
  group,
  isOurs,
  ...(beside !== undefined && { beside }),
  ...(around !== undefined && { around }),
});

/** Hands out things one after the other; a call must not find what an earlier one used up. */
export function oneByOne<T>(things: readonly T[]): () => T {
  const remaining = things.values();
  return () => {
    const next = remaining.next();
    if (next.done === true) throw new Error(`only ${things.length} calls were prepared`);
    return next.value;
  };
}
