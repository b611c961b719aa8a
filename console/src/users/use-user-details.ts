import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { EndingView } from "../../../src/api/parts/views.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { valueOf } from "../api/call.ts";
import { listEndings, type Page } from "../api/calls.ts";
import type { UserRow } from "./user-rows.ts";
import { useUsers, type UsersList } from "./use-users.ts";

/** What is known of one user: live sessions, and how others ended. */
export interface UserDetails {
  readonly userId: string;
  /** The user and the live sessions; `undefined` where there are none. */
  readonly row: UserRow | undefined;
  readonly list: UsersList;
  readonly endings: PastEndings;
  /** Whether nothing at all is known of the user. */
  readonly isUnknown: boolean;
  /** Asks for all of it again. */
  readonly restart: () => void;
}

export interface PastEndings {
  readonly items: readonly EndingView[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

export function useUserDetails(userId: string): UserDetails {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const list = useUsers({ userId });
  const row = list.rows[0];
  const queryKey = ["endings", user.id, userId];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => valueOf(await listEndings({ userId, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: Page<EndingView>) => cursor,
    refetchOnWindowFocus: false,
  });
  const past = query.data?.pages.flatMap(({ items }) => items);
  return {
    userId,
    row,
    list,
    endings: {
      items: past ?? [],
      isPending: query.isPending,
      error: query.error,
      hasMore: query.hasNextPage,
      isLoadingMore: query.isFetchingNextPage,
      loadMore: () => void query.fetchNextPage(),
      retry: () => void query.refetch(),
    },
    isUnknown: list.isLoaded && row === undefined && past?.length === 0,
    restart: () => {
      list.restart();
      void queries.resetQueries({ queryKey });
      void queries.resetQueries({ queryKey: ["activity", user.id] });
    },
  };
}
