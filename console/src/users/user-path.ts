/** Which users are shown: what is said of them, all of it or any of it. */
export interface UserFilter {
  readonly tokens: readonly UserFilterToken[];
  readonly operation: "and" | "or";
}

export interface UserFilterToken {
  readonly propertyKey: string;
  readonly operator: string;
  readonly value: string;
}

/** What the address of the list of users says. */
export interface UsersAddress {
  readonly filter: UserFilter;
  /** The user whose details are open beside the list. */
  readonly shown?: string | undefined;
}

export const EVERYBODY: UserFilter = { tokens: [], operation: "and" };

/**
 * The address of a user's page. A user id may hold any character; the router decodes a path once, and badly
 * (`decodeURI` leaves `%2F` and makes `%25` a bare `%`), so that only what is encoded twice comes through
 * whole.
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

/** The address of the list of users, of those that fit a filter where one is given. */
export function usersHref({ filter, shown }: UsersAddress): string {
  const query = new URLSearchParams();
  const find = beginningOf(filter);
  if (find !== undefined) query.set("find", find);
  else if (filter.tokens.length > 0) query.set("filter", JSON.stringify(filter));
  if (shown !== undefined) query.set("user", shown);
  const text = query.toString();
  return text === "" ? "#/users" : `#/users?${text}`;
}

/** The text that a user id is to begin with, where the filter says no more than that. */
export function beginningOf({ tokens: [token, ...others] }: UserFilter): string | undefined {
  if (token === undefined || others.length > 0) return undefined;
  return token.propertyKey === "user" && token.operator === "^" ? token.value : undefined;
}

/** What such an address says. One that somebody wrote by hand may say anything: it then shows everybody. */
export function usersAddressOf(search: string): UsersAddress {
  const query = new URLSearchParams(search);
  const find = (query.get("find") ?? "").trim().normalize("NFC");
  const shown = query.get("user") ?? undefined;
  const filter: UserFilter =
    find === ""
      ? (parseFilter(query.get("filter")) ?? EVERYBODY)
      : { tokens: [{ propertyKey: "user", operator: "^", value: find }], operation: "and" };
  return { filter, shown };
}

function parseFilter(json: string | null): UserFilter | undefined {
  if (json === null) return undefined;
  try {
    const { tokens, operation } = JSON.parse(json) as Partial<Record<keyof UserFilter, unknown>>;
    if (!Array.isArray(tokens) || !tokens.every(isToken)) return undefined;
    return { tokens, operation: operation === "or" ? "or" : "and" };
  } catch {
    return undefined;
  }
}

function isToken(value: unknown): value is UserFilterToken {
  if (typeof value !== "object" || value === null) return false;
  const { propertyKey, operator, value: text } = value as Partial<Record<keyof UserFilterToken, unknown>>;
  return [propertyKey, operator, text].every((each) => typeof each === "string");
}
