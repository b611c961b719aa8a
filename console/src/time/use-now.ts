import { useEffect, useState } from "react";

/** The time in epoch milliseconds, updated every `intervalMs` while `isOn`. */
export function useNow(intervalMs: number, isOn = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isOn) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, isOn]);
  return now;
}
