import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useMemo } from "react";
import { valueOf } from "../api/call.ts";
import { listSessions, type Page } from "../api/calls.ts";
import type { UserSessionView } from "../../../src/api/parts/views.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { toUserRows, type UserRow } from "./user-rows.ts";

/** The users who are signed in, as far as they have been loaded. */
export interface UsersList {
  readonly rows: readonly UserRow[];
  readonly hasMore: boolean;
  readonly isPending: boolean;
  /** Whether a page has come: without one, no rows say nothing. */
  readonly isLoaded: boolean;
  readonly isFetching: boolean;
  /** When the oldest of what is shown was loaded, in epoch milliseconds. */
  readonly updatedAt: number | undefined;
  readonly error: Error | null;
  /** Loads another page of the API. `undefined` where that failed. */
  loadMore(): Promise<Pick<UsersList, "rows" | "hasMore"> | undefined>;
  /** Starts again at the first page. */
  restart(): void;
}

interface UsersRequest {
  /** That user only. */
  readonly userId?: string | undefined;
  /** `false`: asks for nothing. */
  readonly isWanted?: boolean;
}

interface LoadedPage extends Page<UserSessionView> {
  readonly loadedAt: number;
}

export function useUsers({ userId, isWanted = true }: UsersRequest = {}): UsersList {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const queryKey = ["users", user.id, userId === undefined ? "everybody" : { userId }];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }): Promise<LoadedPage> => ({
      ...valueOf(await listSessions({ userId, cursor: pageParam })),
      loadedAt: Date.now(),
    }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: LoadedPage) => cursor,
    enabled: isWanted,
    // It would load all pages again, one after the other.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data, hasNextPage } = query;
  const rows = useMemo(() => rowsOf(data, hasNextPage), [data, hasNextPage]);
  return {
    rows,
    hasMore: hasNextPage,
    isPending: isWanted && query.isPending,
    isLoaded: data !== undefined,
    isFetching: query.isFetching,
    updatedAt: data?.pages[0]?.loadedAt,
    error: query.error,
    loadMore: async () => {
      // Searching and choosing may both ask for the next page: they share it.
      const next = await query.fetchNextPage({ cancelRefetch: false });
      return next.isError
        ? undefined
        : { rows: rowsOf(next.data, next.hasNextPage), hasMore: next.hasNextPage };
    },
    restart: () => void queries.resetQueries({ queryKey: ["users", user.id] }),
  };
}

function rowsOf(data: InfiniteData<LoadedPage> | undefined, hasMore: boolean): UserRow[] {
  return toUserRows(data?.pages.flatMap(({ items }) => items) ?? [], hasMore);
}
