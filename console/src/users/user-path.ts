/**
 * The address of a user's page. A user id may hold any character; the router decodes a path once, and badly
 * (`decodeURI` leaves `%2F` and makes `%25` a bare `%`), so that only what is encoded twice comes through
 * whole.
 */
export const userHref = (userId: string): string =>
  `#/users/${encodeURIComponent(encodeURIComponent(userId))}`;

/** The address of the list of users, of those that a text finds where one is given. */
export const findHref = (text: string): string =>
  text === "" ? "#/users" : `#/users?${new URLSearchParams({ find: text }).toString()}`;

/** What such an address looks for; `""`: everybody. */
export const findOf = (query: string): string =>
  (new URLSearchParams(query).get("find") ?? "").trim().normalize("NFC");

/** The user id of what the router took from such an address, or of one that somebody wrote by hand. */
export function userOf(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
