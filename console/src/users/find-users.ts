import { useEffect, useState } from "react";
import { matchesFind, type UserRow } from "./user-rows.ts";
import type { LONGEST_USER_ID_BYTES } from "../../../src/sessions/session.ts";
import { useUsers, type UsersList } from "./use-users.ts";

/** The users who are signed in and whose id begins with a text, as far as they have been found. */
export interface FoundUsers extends UsersList {
  /** How many users have been looked at. */
  readonly searched: number;
  /** While pages are being loaded to be searched. */
  readonly isSearching: boolean;
  /** Looks through everybody who is signed in. */
  readonly searchAll: () => Promise<void>;
  readonly stop: () => void;
}

/** Users that are searched without being asked to: some ten calls of the API. */
const MOST_UNASKED = 1000;
const LONGEST_ID_BYTES: typeof LONGEST_USER_ID_BYTES = 512;

/**
 * Finds users by how their id begins. The API looks up whole ids only, and lists everybody in no order of
 * ids: the beginning is looked for in the pages as they are loaded, the first few at once and the others when
 * somebody asks, and a whole id is looked up beside that, so that it is found at once among however many.
 * @param text `""`: everybody, a page at a time.
 */
export function useFoundUsers(text: string): FoundUsers {
  const everybody = useUsers();
  const mayBeId = text !== "" && new TextEncoder().encode(text).length <= LONGEST_ID_BYTES;
  const exact = useUsers({ userId: text, isWanted: mayBeId });
  const [search, setSearch] = useState<{ readonly text: string; readonly controller: AbortController }>();
  const isSearching = search?.text === text && text !== "";

  async function load(controller: AbortController, mostUsers: number): Promise<void> {
    setSearch({ text, controller });
    let loaded: Pick<UsersList, "rows" | "hasMore"> | undefined = everybody;
    while (loaded?.hasMore === true && loaded.rows.length < mostUsers && !controller.signal.aborted) {
      loaded = await everybody.loadMore();
    }
    setSearch((current) => (current?.controller === controller ? undefined : current));
  }

  const isReady = text !== "" && everybody.isLoaded;
  useEffect(() => {
    if (!isReady) return;
    const controller = new AbortController();
    void load(controller, MOST_UNASKED);
    return () => controller.abort();
    // Once for each text; what is loaded meanwhile is no reason to start again.
  }, [isReady, text]);

  const found = (rows: readonly UserRow[]): readonly UserRow[] => {
    if (text === "") return rows;
    const ids = new Set(exact.rows.map(({ userId }) => userId));
    return [...exact.rows, ...rows.filter(({ userId }) => !ids.has(userId) && matchesFind(userId, text))];
  };
  const rows = found(everybody.rows);
  return {
    rows,
    hasMore: everybody.hasMore,
    isPending: rows.length === 0 && (everybody.isPending || exact.isPending),
    isLoaded: everybody.isLoaded && (exact.isLoaded || !mayBeId),
    isFetching: everybody.isFetching || exact.isFetching,
    error: everybody.error ?? exact.error,
    searched: everybody.rows.length,
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
