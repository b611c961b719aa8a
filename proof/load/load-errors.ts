/** The kinds of error a load can find. Any one of them fails the run. */
export const LOST_SESSION = "lost session: a live one answered 401";
export const GHOST = "ghost: an ended session answered 200";
export const WRONG_REASON = "an ended session gave another reason than its own";
export const UNEXPECTED = "an answer that the user's state does not explain";
export const INVALID_ANSWER = "no answer";
export const FUNCTION_ERROR = "a function logged an error";

export interface NotedError {
  readonly kind: string;
  readonly count: number;
  /** The first few, without tokens. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** Counts errors by kind and keeps the first few of each, so that a run that goes wrong stays readable. */
export class LoadErrors {
  readonly #byKind = new Map<string, { count: number; examples: string[] }>();

  note(kind: string, example: string): void {
    const entry = this.#byKind.get(kind) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < EXAMPLES) entry.examples.push(example);
    this.#byKind.set(kind, entry);
  }

  get total(): number {
    return [...this.#byKind.values()].reduce((sum, { count }) => sum + count, 0);
  }

  list(): NotedError[] {
    return [...this.#byKind].map(([kind, entry]) => ({ kind, ...entry }));
  }
}
