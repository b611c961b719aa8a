import type { JsonObject } from "./json.ts";

/**
 * Parts of the examples: real responses of a local stack; a test compares the shape of each with responses it
 * gets.
 */

export const FIREFOX: JsonObject = {
  id: "HFWNwa1tZgNZ-zQitO86mqrNSgCewX71TNTuhuSWnx0",
  createdAt: "2026-11-23T09:55:32.900Z",
  lastSeenAt: "2026-11-23T09:55:32.900Z",
  idleExpiresAt: "2026-11-23T10:25:32.900Z",
  expiresAt: "2026-11-23T21:55:32.900Z",
  device: {
    label: "Firefox on macOS",
    class: "desktop",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:132.0) Gecko/20100101 Firefox/132.0",
    address: "192.0.2.7",
  },
};
export const ALICE: JsonObject = { id: "alice", isAdmin: false, permissions: [] };
export const ENDED_AT = "2026-11-23T09:55:32.900Z";
