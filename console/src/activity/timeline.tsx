import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { activityColumns } from "./activity-columns.tsx";
import { useActivityTexts } from "./activity-texts.tsx";
import type { ActivityList } from "./use-activity.ts";

interface TimelineProps {
  /** Of one user. */
  readonly list: ActivityList;
  /** Whether there is room for all columns. */
  readonly isWide: boolean;
  /** Below the heading of the user. */
  readonly heading: "h2" | "h3";
  /** In a place of its own, or as a part of one. */
  readonly variant: "container" | "embedded";
  /** The newest so many only, with what leads to the others. */
  readonly newest?: { readonly rows: number; readonly more: ReactNode };
}

/** What happened to a user's sessions, newest first. */
export function Timeline({ list, isWide, heading, variant, newest }: TimelineProps): ReactNode {
  const texts = useTexts();
  const pages = useActivityTexts();
  const { sharing, activity, offline } = pages;
  const columns = useMemo(
    () => activityColumns({ texts: { common: texts, pages }, isWide, hasUsers: false }),
    [texts, pages, isWide],
  );
  return (
    <Table
      variant={variant}
      items={newest === undefined ? list.rows : list.rows.slice(0, newest.rows)}
      trackBy="id"
      columnDefinitions={columns}
      wrapLines
      contentDensity="compact"
      loading={list.isPending && !list.isPaused && !list.error}
      loadingText={texts.loading}
      ariaLabels={{ tableLabel: sharing.timeline }}
      empty={
        <Box textAlign="center">{list.isPaused ? offline : list.isLoaded ? sharing.noTimeline : ""}</Box>
      }
      header={<Header variant={heading}>{sharing.timeline}</Header>}
      footer={
        newest === undefined
          ? list.hasMore && (
              <Button loading={list.isFetching} onClick={list.loadMore}>
                {activity.more}
              </Button>
            )
          : list.rows.length > 0 && newest.more
      }
    />
  );
}
