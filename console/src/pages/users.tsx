import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";
import { useSearch } from "wouter";
import { errorText } from "../api/failure-text.ts";
import { mayLogOutAdministrators } from "../permissions.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { RunningJobs } from "../jobs/running-jobs.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { Updated } from "../shell/updated.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import { FilterUsers } from "../users/filter-users.tsx";
import { useFoundUsers, type FoundUsers } from "../users/find-users.ts";
import { FoundBar } from "../users/found-bar.tsx";
import { LogOutActions } from "../users/log-out-actions.tsx";
import { Nobody } from "../users/nobody.tsx";
import { SelectionBar } from "../users/selection-bar.tsx";
import { ChooseTable, useTablePreferences } from "../users/table-preferences.tsx";
import { orderOf, USER_COLUMNS, userColumns } from "../users/user-columns.tsx";
import { userHref, usersAddressOf, usersHref, type UserFilter } from "../users/user-path.ts";
import type { UserRow } from "../users/user-rows.ts";
import { useSelection } from "../users/use-selection.ts";
import type { UsersList } from "../users/use-users.ts";

const UserPanel = lazy(() => import("../users/user-panel.tsx"));

type Sorting = TableProps.SortingState<UserRow>;

/** Who is signed in, and logging them out. */
export default function Users(): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  usePageTitle(texts.users.title);
  const isWide = useMedia(WIDE);
  const search = useSearch();
  const address = useMemo(() => usersAddressOf(search), [search]);
  const { filter, shown } = address;
  const [sorting, setSorting] = useState<Sorting>();
  const compare = useMemo(() => sorting && orderOf(sorting), [sorting]);
  const [preferences, setPreferences] = useTablePreferences();
  const list = useFoundUsers({ filter, compare });
  const isSelectable = ({ isAdmin }: UserRow): boolean => !isAdmin || mayLogOutAdministrators(user);
  const selection = useSelection(isSelectable);
  const place = usePages(list, preferences.pageSize, JSON.stringify([filter, sorting]));
  const selectedIds = new Set(selection.rows.map(({ userId }) => userId));
  const go = (next: Partial<typeof address>): void => {
    location.hash = usersHref({ ...address, ...next });
  };
  function restart(): void {
    selection.clear();
    place.reset();
    list.restart();
  }

  return (
    <SpaceBetween size="l">
      <RunningJobs />
      {list.error && <Failure text={errorText(list.error, texts)} onRetry={restart} />}
      <Table
        items={place.rows}
        trackBy="userId"
        columnDefinitions={userColumns(texts, {
          isWide,
          hrefOf: (userId) => (isWide ? usersHref({ filter, shown: userId }) : userHref(userId)),
        })}
        {...(isWide && {
          columnDisplay: USER_COLUMNS.map((id) => ({ id, visible: preferences.visible.includes(id) })),
        })}
        wrapLines={preferences.wrapLines}
        {...sorting}
        onSortingChange={({ detail }) => setSorting(detail)}
        variant="container"
        loading={list.isPending}
        loadingText={texts.loading}
        selectionType="multi"
        isItemDisabled={(row) => !isSelectable(row)}
        selectedItems={place.rows.filter(({ userId }) => selectedIds.has(userId))}
        onSelectionChange={({ detail }) => selection.change(place.rows, detail.selectedItems)}
        ariaLabels={{
          tableLabel: texts.users.title,
          selectionGroupLabel: texts.users.selection,
          allItemsSelectionLabel: () => texts.users.selectPage,
          itemSelectionLabel: (_, { userId }) => texts.users.selectUser(userId),
        }}
        empty={list.error ? null : <Nobody filter={filter} hasMore={list.hasMore} />}
        header={
          <Header
            variant="h1"
            description={texts.users.text}
            counter={counterOf(selection.rows.length, list, texts.users.selectedOf)}
            actions={
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                <Updated
                  at={list.updatedAt}
                  isBusy={list.isFetching && !list.isPending}
                  onRefresh={restart}
                />
                <LogOutActions rows={selection.rows} onDone={restart} />
              </SpaceBetween>
            }
          >
            {texts.users.title}
          </Header>
        }
        filter={
          <SpaceBetween size="m">
            <FilterUsers filter={filter} list={list} onChange={(next) => go({ filter: next })} />
            <FoundBar found={list} isSorted={sorting !== undefined} isFiltered={isFiltered(filter)} />
            <SelectionBar selection={selection} list={list} isFound={isFiltered(filter)} />
          </SpaceBetween>
        }
        preferences={<ChooseTable preferences={preferences} onChange={setPreferences} isWide={isWide} />}
        pagination={
          <Pagination
            currentPageIndex={place.page}
            pagesCount={place.pages}
            openEnd={list.hasMore}
            disabled={selection.isSelecting}
            ariaLabels={{ paginationLabel: texts.users.pages }}
            onChange={({ detail }) => void place.goTo(detail.currentPageIndex)}
          />
        }
      />
      {isWide && shown !== undefined && (
        <Suspense fallback={null}>
          <UserPanel key={shown} userId={shown} onClose={() => go({ shown: undefined })} />
        </Suspense>
      )}
    </SpaceBetween>
  );
}

const isFiltered = ({ tokens }: UserFilter): boolean => tokens.length > 0;

interface Pages {
  readonly page: number;
  readonly pages: number;
  /** The rows of the page. */
  readonly rows: readonly UserRow[];
  readonly goTo: (page: number) => Promise<void>;
  readonly reset: () => void;
}

/**
 * The pages of a list, of which more is loaded as they are turned.
 * @param of another list begins at its first page.
 */
function usePages(list: FoundUsers, size: number, of: string): Pages {
  const [place, setPlace] = useState({ page: 1, of });
  if (place.of !== of) setPlace({ page: 1, of });
  const setPage = (page: number): void => setPlace({ page, of });
  // Rows that were waited for reach the list a moment after the page was turned.
  const page = Math.min(place.page, pagesOf(list, size));
  return {
    page,
    pages: pagesOf(list, size),
    rows: list.rows.slice((page - 1) * size, page * size),
    goTo: async (next) => {
      let loaded: Pick<typeof list, "rows" | "hasMore"> | undefined = list;
      // To the end of the page: rows that came later would be on a page that has been looked at.
      while (loaded?.hasMore === true && loaded.rows.length < next * size) {
        loaded = await list.loadMore();
      }
      if (loaded !== undefined) setPage(Math.max(1, Math.min(next, pagesOf(loaded, size))));
    },
    reset: () => setPage(1),
  };
}

/** While more follow, only pages that are full. */
function pagesOf({ rows, hasMore }: Pick<UsersList, "rows" | "hasMore">, size: number): number {
  const pages = rows.length / size;
  return Math.max(1, hasMore ? Math.floor(pages) : Math.ceil(pages));
}

function counterOf(
  selected: number,
  { rows, hasMore, isLoaded }: UsersList,
  text: (selected: number, all: string) => string,
): string {
  if (!isLoaded) return "";
  const all = `${rows.length}${hasMore ? "+" : ""}`;
  return selected > 0 ? text(selected, all) : `(${all})`;
}
