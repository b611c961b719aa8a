import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useMemo, type ReactNode } from "react";
import { useSearch } from "wouter";
import { activityColumns } from "../activity/activity-columns.tsx";
import { ActivityFilterBar } from "../activity/activity-filter.tsx";
import { useActivityTexts, WithComponentTexts } from "../activity/activity-texts.tsx";
import { ExportButton } from "../activity/export-button.tsx";
import { activityHref, filterOf, isSifted, NO_FILTER, type ActivityFilter } from "../activity/filter.ts";
import { useActivity, type ActivityList } from "../activity/use-activity.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Updated } from "../shell/updated.tsx";
import { ROOMY, useMedia } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";

/** What happened, and what administrators did: found by user, kind and time, and exported. */
export default function Activity(): ReactNode {
  const texts = useTexts();
  const pages = useActivityTexts();
  usePageTitle(pages.activity.title);
  const isWide = useMedia(ROOMY);
  const columns = useMemo(
    () => activityColumns({ texts: { common: texts, pages }, isWide, hasUsers: true }),
    [texts, pages, isWide],
  );
  const search = useSearch();
  const filter = useMemo(() => filterOf(search), [search]);
  const list = useActivity(filter);
  const change = (next: ActivityFilter): void => {
    location.hash = activityHref(next);
  };
  return (
    <WithComponentTexts>
      <SpaceBetween size="l">
        {list.error && <Failure text={errorText(list.error, texts)} onRetry={list.restart} />}
        <Table
          items={list.rows}
          trackBy="id"
          columnDefinitions={columns}
          wrapLines
          variant="container"
          loading={list.isPending && !list.isPaused && !list.error}
          loadingText={texts.loading}
          ariaLabels={{ tableLabel: pages.activity.title }}
          empty={<Nothing list={list} filter={filter} onClear={() => change(NO_FILTER)} />}
          header={
            <Header
              variant="h1"
              description={pages.activity.text}
              counter={list.isLoaded ? `(${list.rows.length}${list.hasMore ? "+" : ""})` : ""}
              actions={
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <Updated at={list.updatedAt} isBusy={list.isFetching} onRefresh={list.restart} />
                  <ExportButton filter={filter} shown={list.rows} request={list.request} />
                </SpaceBetween>
              }
            >
              {pages.activity.title}
            </Header>
          }
          filter={<ActivityFilterBar filter={filter} shown={list.rows} onChange={change} />}
          footer={<More list={list} isSifted={isSifted(filter)} />}
        />
      </SpaceBetween>
    </WithComponentTexts>
  );
}

interface NothingProps {
  readonly list: ActivityList;
  readonly filter: ActivityFilter;
  readonly onClear: () => void;
}

function Nothing({ list, filter, onClear }: NothingProps): ReactNode {
  const { activity, offline } = useActivityTexts();
  if (list.isPaused) return <Box textAlign="center">{offline}</Box>;
  if (!list.isLoaded) return null;
  const { userId, kinds } = filter;
  const isFiltered = userId !== undefined || kinds.length > 0 || isSifted(filter);
  if (!isFiltered) return <Box textAlign="center">{activity.empty}</Box>;
  return (
    <Box textAlign="center">
      <SpaceBetween size="s">
        <div>{list.hasMore ? activity.emptySoFar(list.searched) : activity.emptyFound}</div>
        <Button onClick={onClear}>{activity.clear}</Button>
      </SpaceBetween>
    </Box>
  );
}

interface MoreProps {
  readonly list: ActivityList;
  readonly isSifted: boolean;
}

function More({ list, isSifted: isSearched }: MoreProps): ReactNode {
  const { activity } = useActivityTexts();
  if (!list.isLoaded) return null;
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      {list.hasMore && (
        <Button loading={list.isFetching} onClick={list.loadMore}>
          {activity.more}
        </Button>
      )}
      <Box variant="small" color="text-body-secondary">
        <span role="status">{saidOf(list, isSearched, activity)}</span>
      </Box>
    </SpaceBetween>
  );
}

function saidOf(
  list: ActivityList,
  isSearched: boolean,
  { searched, endOfList }: ActivityTexts["activity"],
): string {
  if (isSearched) return searched(list.searched);
  return list.hasMore || list.rows.length === 0 ? "" : endOfList;
}
