/** The address of the page of sharing with a user's details open. */
export const suspectHref = (userId: string): string =>
  `#/sharing?${new URLSearchParams({ user: userId }).toString()}`;

export const SHARING_HREF = "#/sharing";

/** Whose details such an address opens. */
export const suspectOf = (search: string): string | undefined =>
  new URLSearchParams(search).get("user") ?? undefined;
