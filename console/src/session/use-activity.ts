import { useEffect } from "react";

/**
 * Milliseconds. Far below a tenth of any sensible idle timeout, which is how exactly the API records
 * activity.
 */
const QUIET_MS = 30_000;
const SIGNS = ["pointerdown", "keydown", "focus"] as const;

/**
 * Calls `onActivity` when somebody uses the page, at most every half minute: lists and watching count as no
 * activity, and without this a person at work would be signed out for being idle. `undefined`: nobody is
 * signed in.
 */
export function useActivity(onActivity: (() => void) | undefined): void {
  const isOn = onActivity !== undefined;
  useEffect(() => {
    if (!isOn) return;
    let last = performance.now();
    const note = (): void => {
      if (performance.now() - last < QUIET_MS) return;
      last = performance.now();
      onActivity();
    };
    for (const sign of SIGNS) window.addEventListener(sign, note);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, note);
    };
  }, [isOn, onActivity]);
}
