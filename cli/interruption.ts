/** npm sends a Ctrl-C on, so that it comes twice; a person who means it again is slower than this. */
const AGAIN_AFTER_MS = 2000;

/** The exit code of a command that a person ended early. */
export const INTERRUPTED = 130;

/**
 * Aborts at the first Ctrl-C (or SIGTERM), so that a run can end with what it has; a second one ends the
 * process at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt !== undefined && Date.now() - firstAt > AGAIN_AFTER_MS) process.exit(INTERRUPTED);
    firstAt ??= Date.now();
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
