import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useMemo } from "react";
import { valueOf } from "../api/call.ts";
import { listSessions, type Page } from "../api/calls.ts";
import type { UserSessionView } from "../../../src/http/views.ts";
import { useSignedIn } from "../session/session-context.ts";
import { toUserRows, type UserRow } from "./user-rows.ts";

/** The users who are signed in, as far as they have been loaded. */
export interface UsersList {
  readonly rows: readonly UserRow[];
  readonly hasMore: boolean;
  readonly isPending: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  /** Loads another page of the API. `undefined` where that failed. */
  loadMore(): Promise<Pick<UsersList, "rows" | "hasMore"> | undefined>;
  /** Begins anew at the first page. */
  restart(): void;
}

/** @param userId that user only, where it is given. */
export function useUsers(userId?: string): UsersList {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const queryKey = ["users", user.id, userId ?? ""];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => valueOf(await listSessions({ userId, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: Page<UserSessionView>) => cursor,
    // It would load all pages again, one after the other.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data, hasNextPage } = query;
  const rows = useMemo(() => rowsOf(data, hasNextPage), [data, hasNextPage]);
  return {
    rows,
    hasMore: hasNextPage,
    isPending: query.isPending,
    isFetching: query.isFetching,
    error: query.error,
    loadMore: async () => {
      const next = await query.fetchNextPage();
      return next.isError
        ? undefined
        : { rows: rowsOf(next.data, next.hasNextPage), hasMore: next.hasNextPage };
    },
    restart: () => void queries.resetQueries({ queryKey: ["users", user.id] }),
  };
}

function rowsOf(data: InfiniteData<Page<UserSessionView>> | undefined, hasMore: boolean): UserRow[] {
  return toUserRows(data?.pages.flatMap(({ items }) => items) ?? [], hasMore);
}
