/**
 * What the commands end with: for scripts, `refused` is an answer about the user, `usage` a call that cannot
 * be right.
 */
export const EXIT_CODES = { done: 0, refused: 1, usage: 2 } as const;

/** Something the operator can act on: its message is shown as it is, without a stack trace. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";
}

/** A call that cannot be right, found only once the command was under way. */
export class UsageError extends OperatorError {
  override readonly name = "UsageError";
}

/** `1 session`, `2 sessions`. */
export const sessions = (count: number): string => (count === 1 ? "1 session" : `${count} sessions`);

/** `1 user`, `2 users`. */
export const users = (count: number): string => (count === 1 ? "1 user" : `${count} users`);
