import { createHash } from "node:crypto";
import type { EventKind } from "./events.ts";

const HASHED_FORM = 1;

/**
 * The id of an event: `base64url(SHA-256(JSON [1, kind, session id]))`. A session starts and ends once, so an
 * event that is told again has the same id.
 * @param of the session id; of `events-lost` the time until which events may be lost.
 */
export const eventId = (kind: EventKind, of: string): string =>
  createHash("sha256")
    .update(JSON.stringify([HASHED_FORM, kind, of]))
    .digest("base64url");
