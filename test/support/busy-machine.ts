/** What has a fixed short time, and is left undone where the machine was too busy for it. */
const SHORT_TIMES: readonly unknown[] = ["activity-lost record: TimeoutError", "hint-failed TimeoutError"];

/**
 * Whether a line of the log says only that: a record of activity, or a hint to pages, was not done in its
 * time. No answer depends on either. For searches that send as much as the machine can take.
 * @param line as it was parsed.
 */
export function isOfBusyMachine({ message, outbox, fault }: Readonly<Record<string, unknown>>): boolean {
  // Of an administrators' act.
  if (message === "activity lost") return (fault as { readonly name?: unknown }).name === "TimeoutError";
  const { problem, code } = (outbox ?? {}) as { readonly problem?: unknown; readonly code?: unknown };
  return message === "outbox" && SHORT_TIMES.includes(`${String(problem)} ${String(code)}`);
}
