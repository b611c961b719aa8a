import { useEffect, useMemo, useState } from "react";
import type { LONGEST_USER_ID_BYTES } from "../../../src/sessions/session.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { fits } from "./user-filter.ts";
import type { UserFilter } from "./user-path.ts";
import type { UserRow } from "./user-rows.ts";
import { useUsers, type UsersList } from "./use-users.ts";

/** The users who are signed in and fit a filter, as far as they have been found, in an order. */
export interface FoundUsers extends UsersList {
  /** The users that have been looked at. */
  readonly searched: readonly UserRow[];
  /** While pages are being loaded to be searched. */
  readonly isSearching: boolean;
  /** Looks through everybody who is signed in. */
  readonly searchAll: () => Promise<void>;
  readonly stop: () => void;
}

export interface FindRequest {
  readonly filter: UserFilter;
  /** The order of the users; without it, that in which the API lists them. */
  readonly compare?: ((a: UserRow, b: UserRow) => number) | undefined;
}

/** Users that are searched without being asked to: some ten calls of the API. */
const MOST_UNASKED = 1000;
const LONGEST_ID_BYTES: typeof LONGEST_USER_ID_BYTES = 512;

/**
 * Finds users. The API looks up whole ids only, and lists everybody in no order: who fits the filter, and who
 * comes first, is looked for in the pages as they are loaded, the first few at once and the others when
 * somebody asks; and what may be a whole id is looked up beside that, so that it is found at once among
 * however many.
 */
export function useFoundUsers({ filter, compare }: FindRequest): FoundUsers {
  const texts = useTexts();
  const everybody = useUsers();
  const id = idIn(filter);
  const exact = useUsers({ userId: id, isWanted: id !== undefined });
  const isFiltered = filter.tokens.length > 0;
  const goal = isFiltered || compare !== undefined ? JSON.stringify([filter, compare !== undefined]) : "";
  const [search, setSearch] = useState<{ readonly goal: string; readonly controller: AbortController }>();
  const isSearching = search?.goal === goal && goal !== "";

  async function load(controller: AbortController, mostUsers: number): Promise<void> {
    setSearch({ goal, controller });
    let loaded: Pick<UsersList, "rows" | "hasMore"> | undefined = everybody;
    while (loaded?.hasMore === true && loaded.rows.length < mostUsers && !controller.signal.aborted) {
      loaded = await everybody.loadMore();
    }
    setSearch((current) => (current?.controller === controller ? undefined : current));
  }

  const isReady = goal !== "" && everybody.isLoaded;
  useEffect(() => {
    if (!isReady) return;
    const controller = new AbortController();
    void load(controller, MOST_UNASKED);
    return () => controller.abort();
    // Once for each goal; what is loaded meanwhile is no reason to start again.
  }, [isReady, goal]);

  const exactRows = id === undefined ? NO_ROWS : exact.rows;
  const found = useMemo(
    () => (rows: readonly UserRow[]) => select(rows, exactRows, { filter, compare }, texts),
    [exactRows, filter, compare, texts],
  );
  const rows = useMemo(() => found(everybody.rows), [found, everybody.rows]);
  return {
    rows,
    hasMore: everybody.hasMore,
    isPending: rows.length === 0 && (everybody.isPending || exact.isPending),
    isLoaded: everybody.isLoaded && (exact.isLoaded || id === undefined),
    isFetching: everybody.isFetching || exact.isFetching,
    updatedAt: everybody.updatedAt,
    error: everybody.error ?? exact.error,
    searched: everybody.rows,
    isSearching,
    loadMore: async () => {
      const more = await everybody.loadMore();
      return more && { rows: found(more.rows), hasMore: more.hasMore };
    },
    restart: () => everybody.restart(),
    searchAll: () => load(new AbortController(), Infinity),
    stop: () => search?.controller.abort(),
  };
}

const NO_ROWS: readonly UserRow[] = [];

function select(
  rows: readonly UserRow[],
  exact: readonly UserRow[],
  { filter, compare }: FindRequest,
  texts: Parameters<typeof fits>[2],
): readonly UserRow[] {
  const ids = new Set(exact.map(({ userId }) => userId));
  const all = ids.size === 0 ? rows : [...exact, ...rows.filter(({ userId }) => !ids.has(userId))];
  const now = Date.now();
  const fitting = filter.tokens.length === 0 ? all : all.filter((row) => fits(row, filter, texts, now));
  return compare === undefined ? fitting : [...fitting].sort(compare);
}

/** The text of a filter that may be a whole user id. */
export function idIn({ tokens }: UserFilter): string | undefined {
  const token = tokens.find(
    ({ propertyKey, operator }) => propertyKey === "user" && (operator === "^" || operator === "="),
  );
  const isId = token !== undefined && new TextEncoder().encode(token.value).length <= LONGEST_ID_BYTES;
  return isId ? token.value : undefined;
}
