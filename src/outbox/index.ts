/**
 * What the events say, for people's own rules and for the functions that are their targets.
 * @module
 */
export { DETAIL_TYPES, EVENT_SOURCE, type DetailType } from "./names.ts";
export type {
  EventKind,
  SessionContention,
  SessionContentionEvent,
  SessionEnded,
  SessionEndedEvent,
  SessionEvent,
  SessionEventsLost,
  SessionEventsLostEvent,
  SessionStarted,
  SessionStartedEvent,
  SessionSuspected,
  SessionSuspectedEvent,
} from "./events.ts";
export type { EndedReason } from "../sessions/ending.ts";
