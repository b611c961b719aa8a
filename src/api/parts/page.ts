import * as z from "zod/mini";

const LIMIT = "a whole number from 1 to 100";
const DEFAULT_LIMIT = "50";

/** The members of a query that asks for a page. */
export const PAGE = {
  cursor: z.optional(z.string().check(z.minLength(1, { error: "a cursor from an earlier page" }))),
  limit: z._default(z.string().check(z.regex(/^(?:[1-9]\d?|100)$/, { error: LIMIT })), DEFAULT_LIMIT),
};

/** What the members of such a query are for. */
export const PAGE_PURPOSES = {
  userId: "Only this user's.",
  cursor: "The cursor of the last page.",
  limit: "The most that a page has.",
};
