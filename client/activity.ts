/**
 * Milliseconds. Far below a tenth of any sensible idle timeout, which is how exactly the API records
 * activity.
 */
const QUIET_MS = 30_000;
const SIGNS = ["pointerdown", "keydown", "focus"] as const;

/** What a page has; React Native has none of it. */
type Page = Partial<Pick<Window, "addEventListener" | "removeEventListener">>;

/**
 * Calls `note` when somebody uses the page, at most every half minute, until the signal. Watching counts as
 * no activity, and without this a person at work would be signed out for being idle.
 */
export function onActivity(note: () => void, signal: AbortSignal): void {
  const page = globalThis as Page;
  let last = Date.now();
  const noteSign = (): void => {
    const now = Date.now();
    if (now - last < QUIET_MS) return;
    last = now;
    note();
  };
  for (const sign of SIGNS) page.addEventListener?.(sign, noteSign);
  signal.addEventListener("abort", () => {
    for (const sign of SIGNS) page.removeEventListener?.(sign, noteSign);
  });
}
