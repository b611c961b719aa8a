import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { SuspectView } from "../../../src/api/parts/shapes.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { listSuspects } from "../api/activity-calls.ts";
import { valueOf } from "../api/call.ts";
import type { Page } from "../api/calls.ts";

/** Who is suspected, as far as it has been loaded. */
export interface SuspectsList {
  readonly rows: readonly SuspectView[];
  readonly hasMore: boolean;
  readonly isPending: boolean;
  readonly isLoaded: boolean;
  readonly isFetching: boolean;
  readonly isPaused: boolean;
  readonly error: Error | null;
  /** When it was loaded, in epoch milliseconds. */
  readonly updatedAt: number;
  /** Loads until there are so many rows, or no more. @returns how many there are then. */
  loadUntil(rows: number): Promise<number>;
  readonly restart: () => void;
}

export function useSuspects(): SuspectsList {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const queryKey = ["suspects", user.id];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => valueOf(await listSuspects(pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: Page<SuspectView>) => cursor,
    // It would load all pages again, one after the other.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return {
    rows,
    hasMore: query.hasNextPage,
    isPending: query.isPending,
    isLoaded: query.data !== undefined,
    isFetching: query.isFetching,
    isPaused: query.isPaused,
    error: query.error,
    updatedAt: query.dataUpdatedAt,
    loadUntil: async (wanted) => {
      let [count, hasMore] = [rows.length, query.hasNextPage];
      while (hasMore && count < wanted) {
        const next = await query.fetchNextPage({ cancelRefetch: false });
        if (next.isError) break;
        count = next.data?.pages.reduce((sum, { items }) => sum + items.length, 0) ?? 0;
        hasMore = next.hasNextPage;
      }
      return count;
    },
    restart: () => void queries.resetQueries({ queryKey }),
  };
}
