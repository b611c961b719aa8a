import { sessionKey } from "../sessions/table.ts";

/**
 * Names of the outbox and of push, which the construct, the functions, the local stack and people's own rules
 * share (design section 10). It imports nothing but the table's names.
 */

/** The `source` of every event. */
export const EVENT_SOURCE = "single-session";

/** The `detail-type` of each kind of event. */
export const DETAIL_TYPES = {
  started: "Session Started",
  ended: "Session Ended",
  contention: "Session Contention",
  suspected: "Session Suspected",
  eventsLost: "Session Events Lost",
} as const;
export type DetailType = (typeof DETAIL_TYPES)[keyof typeof DETAIL_TYPES];

/** The `detail-type` of a kind of event. */
export const detailTypeOf = (
  kind: "started" | "ended" | "contention" | "suspected" | "events-lost",
): DetailType => DETAIL_TYPES[kind === "events-lost" ? "eventsLost" : kind];

/** The channel namespace of push. */
export const NAMESPACE = "sessions";

/** The path of a session's channel. */
export const channelPath = (channel: string): string => `/${NAMESPACE}/${channel}`;

const IS_SESSION = { pk: { S: [{ prefix: sessionKey("").pk }] } } as const;
const NO_IMAGE = { pk: { S: [{ exists: false }] } } as const;
const IS_SUSPECTED = { suspectedAt: { N: [{ exists: true }] } } as const;
const WAS_NOT_SUSPECTED = { pk: { S: [{ exists: true }] }, suspectedAt: { N: [{ exists: false }] } } as const;

/**
 * The filter of the stream's mapping: a session's item inserted, removed, or suspected by a touch; other
 * touches do not pass. All stands under `dynamodb`, since AWS's pages contradict each other on other fields.
 * It saves invocations and decides nothing: the function looks at whatever reaches it.
 */
export const STREAM_FILTERS = [
  { dynamodb: { Keys: IS_SESSION, OldImage: NO_IMAGE } },
  { dynamodb: { Keys: IS_SESSION, NewImage: NO_IMAGE } },
  { dynamodb: { Keys: IS_SESSION, NewImage: IS_SUSPECTED, OldImage: WAS_NOT_SUSPECTED } },
] as const;
