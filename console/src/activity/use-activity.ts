import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { listActivity, type ActivityRequest } from "../api/activity-calls.ts";
import { valueOf } from "../api/call.ts";
import { isSifted, matches, requestOf, type ActivityFilter } from "./filter.ts";

/** What happened and is looked for, as far as it has been loaded. */
export interface ActivityList {
  readonly rows: readonly ActivityView[];
  /** How many records were looked through for them. */
  readonly searched: number;
  readonly hasMore: boolean;
  readonly isPending: boolean;
  readonly isLoaded: boolean;
  readonly isFetching: boolean;
  /** While the browser is offline: the page goes on by itself. */
  readonly isPaused: boolean;
  readonly error: Error | null;
  /** When it was loaded, in epoch milliseconds. */
  readonly updatedAt: number;
  /** What was asked for, of the period as it was then. */
  readonly request: Omit<ActivityRequest, "cursor"> | undefined;
  readonly loadMore: () => void;
  /** Starts again at the newest. */
  readonly restart: () => void;
}

interface Loaded {
  readonly items: readonly ActivityView[];
  /** The request of the first page: a period that ends now must not move while pages follow. */
  readonly request: Omit<ActivityRequest, "cursor">;
  readonly cursor?: string;
}

/** Pages that are looked through at a time, where the API cannot tell what is looked for. */
const MOST_UNASKED = 10;
/** Rows that are enough to show at a time. */
const ENOUGH = 20;

/** Until when pages are looked through: until there are so many, or so many rows were found. */
interface Goal {
  readonly pages: number;
  readonly rows: number;
}

export function useActivity(filter: ActivityFilter): ActivityList {
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const queryKey = ["activity", user.id, filter];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }): Promise<Loaded> => {
      const request = pageParam?.request ?? requestOf(filter, Date.now());
      return { request, ...valueOf(await listActivity({ ...request, cursor: pageParam?.cursor })) };
    },
    initialPageParam: undefined as Pick<Loaded, "request" | "cursor"> | undefined,
    getNextPageParam: ({ request, cursor }: Loaded) =>
      cursor === undefined ? undefined : { request, cursor },
    // It would load all pages again, one after the other.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const pages = data?.pages.length ?? 0;
  const rows = useMemo(
    () => data?.pages.flatMap(({ items }) => items).filter((record) => matches(filter, record)) ?? [],
    // The filter is read from the address each time, and the data is that of its words.
    [data],
  );
  const enough = isSifted(filter) ? ENOUGH : 1;
  const looksFor = JSON.stringify(filter);
  const [asked, setAsked] = useState<{ readonly of: string; readonly goal: Goal }>();
  const goal = asked?.of === looksFor ? asked.goal : { pages: MOST_UNASKED, rows: enough };
  const isShort = pages < goal.pages && rows.length < goal.rows;
  const wantsMore = pages > 0 && isShort && hasNextPage && !query.isError;
  useEffect(() => {
    if (wantsMore && !isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [wantsMore, isFetching, fetchNextPage]);
  return {
    rows,
    searched: data?.pages.reduce((sum, { items }) => sum + items.length, 0) ?? 0,
    hasMore: hasNextPage,
    isPending: query.isPending || (wantsMore && rows.length === 0),
    isLoaded: data !== undefined,
    isFetching: isFetching || wantsMore,
    isPaused: query.isPaused,
    error: query.error,
    updatedAt: query.dataUpdatedAt,
    request: data?.pages[0]?.request,
    loadMore: () => {
      setAsked({ of: looksFor, goal: { pages: pages + MOST_UNASKED, rows: rows.length + enough } });
      void fetchNextPage({ cancelRefetch: false });
    },
    restart: () => {
      setAsked(undefined);
      void queries.resetQueries({ queryKey });
    },
  };
}
