import * as z from "zod/mini";

const ACCEPTED =
  "a time in ISO 8601 with its zone, such as 2026-11-23T09:55:00Z (a + of the zone is %2B in a query)";

const TIME = z.iso.datetime({ offset: true, error: ACCEPTED });

/** The members of a query that is about a period of time. */
export const PERIOD = { from: z.optional(TIME), to: z.optional(TIME) };

/** What the members of such a query are for. */
export const PERIOD_PURPOSES = {
  from: "From this time on.",
  to: "Up to this time; it may be in the future.",
};
