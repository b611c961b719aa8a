/**
 * The address of a user's page. A user id may hold any character; the router decodes a path once, and badly (`decodeURI` leaves
 * `%2F` and makes `%25` a bare `%`), so that only what is encoded twice comes through whole.
 */
export const userHref = (userId: string): string =>
  `#/users/${encodeURIComponent(encodeURIComponent(userId))}`;

/** The user id of what the router took from such an address, or of one that somebody wrote by hand. */
export function userOf(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
