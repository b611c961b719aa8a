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

/** Does the work once. Throws where the answer is not what it has to be: a fast wrong answer is none. */
export type OneCall = () => Promise<void>;

/** Something whose calls are measured. */
export interface Measured {
  readonly id: string;
  /** Calls of a block for each hundred of the others, for calls that do much at once; 100 unless given. */
  readonly share?: number;
  /** Makes what so many calls need, which is not measured. The call it gives is made at most that often. */
  prepare(calls: number): Promise<OneCall> | OneCall;
  /** Undoes what the calls left, where that would be in the way of others; not measured. */
  clear?(): Promise<void>;
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

/** Hands out things one after the other; a call must not find what an earlier one used up. */
export function oneByOne<T>(things: readonly T[]): () => T {
  const remaining = things.values();
  return () => {
    const next = remaining.next();
    if (next.done === true) throw new Error(`only ${things.length} calls were prepared`);
    return next.value;
  };
}

/** @throws Error naming both where they are not the same. */
export function expect(seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`the answer is ${String(seen)}, not ${String(expected)}`);
}
