import type { LiveView } from "../../src/api/parts/shapes.ts";

/** Where a page hears of its session; `key` differs from place to place. */
export interface Live extends LiveView {
  readonly key: string;
}

const SHAPE = /^\["wss?:[^"]+","[\w.:-]+","[a-z2-7]{32}"]$/;

/**
 * The `live` of an answer. `undefined` where there is none, where it is malformed, and on a platform that
 * cannot connect: React Native has `btoa` since 0.74.
 */
export function toLive(live: unknown): Live | undefined {
  const { url, host, channel } = Object(live) as Live;
  const key = JSON.stringify([url, host, channel]);
  const isUsable = SHAPE.test(key) && typeof WebSocket === "function" && typeof btoa === "function";
  return isUsable ? { url, host, channel, key } : undefined;
}
