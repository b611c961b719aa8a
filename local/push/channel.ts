/** A channel's path, taken apart. */
export interface Channel {
  /** `/sessions/abc` */
  readonly path: string;
  readonly segments: readonly string[];
  /** The first segment. */
  readonly namespace: string;
  /** Whether its last segment is `*`, which stands for one or more segments. */
  readonly isWildcard: boolean;
}

/** AppSync's quota. */
const MOST_SEGMENTS = 5;
/** "A segment has at most 50 characters: alphanumeric and dash" (AppSync Events, channels). */
const SEGMENT = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/;

/**
 * Reads a channel's path, with or without its first slash. `undefined` for what AppSync does not take as one;
 * a wildcard may be the last segment only, and not the namespace.
 */
export function readChannel(text: unknown): Channel | undefined {
  if (typeof text !== "string") return undefined;
  const segments = text.replace(/^\//, "").split("/");
  const isWildcard = segments.length > 1 && segments.at(-1) === "*";
  const named = isWildcard ? segments.slice(0, -1) : segments;
  const [namespace] = segments;
  if (namespace === undefined || segments.length > MOST_SEGMENTS) return undefined;
  if (!named.every((segment) => SEGMENT.test(segment))) return undefined;
  return { path: `/${segments.join("/")}`, segments, namespace, isWildcard };
}

/** Whether what is published on a channel reaches a subscription. */
export function reaches(published: Channel, subscribed: Channel): boolean {
  return subscribed.isWildcard
    ? published.path.startsWith(subscribed.path.slice(0, -1))
    : published.path === subscribed.path;
}
