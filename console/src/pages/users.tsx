import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState, type ReactNode } from "react";
import { useSearch } from "wouter";
import { errorText } from "../api/failure-text.ts";
import { mayLogOutAdministrators } from "../permissions.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import { FindUser } from "../users/find-user.tsx";
import { useFoundUsers } from "../users/find-users.ts";
import { FoundBar } from "../users/found-bar.tsx";
import { LogOutActions } from "../users/log-out-actions.tsx";
import { SelectionBar } from "../users/selection-bar.tsx";
import { userColumns } from "../users/user-columns.tsx";
import { findHref, findOf, userHref } from "../users/user-path.ts";
import type { UserRow } from "../users/user-rows.ts";
import { useSelection } from "../users/use-selection.ts";
import type { UsersList } from "../users/use-users.ts";

const ROWS_PER_PAGE = 50;

/** Who is signed in, and logging them out. */
export default function Users(): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  usePageTitle(texts.users.title);
  const isWide = useMedia(WIDE);
  const found = findOf(useSearch());
  const [{ page, of }, setPlace] = useState({ page: 1, of: found });
  // Another search begins at its first page.
  if (of !== found) setPlace({ page: 1, of: found });
  const setPage = (next: number): void => setPlace({ page: next, of: found });
  const list = useFoundUsers(found);
  const isSelectable = ({ isAdmin }: UserRow): boolean => !isAdmin || mayLogOutAdministrators(user);
  const selection = useSelection(isSelectable);
  // Rows that were waited for reach the list a moment after the page was turned.
  const shownPage = Math.min(page, pagesOf(list));
  const shown = list.rows.slice((shownPage - 1) * ROWS_PER_PAGE, shownPage * ROWS_PER_PAGE);
  const selectedIds = new Set(selection.rows.map(({ userId }) => userId));

  async function goTo(next: number): Promise<void> {
    let loaded: Pick<typeof list, "rows" | "hasMore"> | undefined = list;
    // To the end of the page: rows that came later would be on a page that has been looked at.
    while (loaded?.hasMore === true && loaded.rows.length < next * ROWS_PER_PAGE) {
      loaded = await list.loadMore();
    }
    if (loaded !== undefined) setPage(Math.max(1, Math.min(next, pagesOf(loaded))));
  }
  function restart(): void {
    selection.clear();
    setPage(1);
    list.restart();
  }

  return (
    <SpaceBetween size="l">
      {list.error && <Failure text={errorText(list.error, texts)} onRetry={restart} />}
      <Table
        items={shown}
        trackBy="userId"
        columnDefinitions={userColumns(texts, isWide)}
        wrapLines
        variant="container"
        loading={list.isPending}
        loadingText={texts.loading}
        selectionType="multi"
        isItemDisabled={(row) => !isSelectable(row)}
        selectedItems={shown.filter(({ userId }) => selectedIds.has(userId))}
        onSelectionChange={({ detail }) => selection.change(shown, detail.selectedItems)}
        ariaLabels={{
          tableLabel: texts.users.title,
          selectionGroupLabel: texts.users.selection,
          allItemsSelectionLabel: () => texts.users.selectPage,
          itemSelectionLabel: (_, { userId }) => texts.users.selectUser(userId),
        }}
        empty={list.error ? null : <Nobody found={found} list={list} />}
        header={
          <Header
            variant="h1"
            description={texts.users.text}
            counter={counterOf(selection.rows.length, list, texts.users.selectedOf)}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  iconName="refresh"
                  ariaLabel={texts.refresh}
                  loading={list.isFetching && !list.isPending}
                  onClick={restart}
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
            <FindUser
              found={found}
              onFind={(text) => {
                location.hash = findHref(text);
              }}
            />
            {found !== "" && <FoundBar found={list} />}
            <SelectionBar selection={selection} list={list} isFound={found !== ""} />
          </SpaceBetween>
        }
        pagination={
          <Pagination
            currentPageIndex={shownPage}
            pagesCount={pagesOf(list)}
            openEnd={list.hasMore}
            disabled={selection.isSelecting}
            ariaLabels={{ paginationLabel: texts.users.pages }}
            onChange={({ detail }) => void goTo(detail.currentPageIndex)}
          />
        }
      />
    </SpaceBetween>
  );
}

function Nobody({ found, list }: { readonly found: string; readonly list: UsersList }): ReactNode {
  const { users } = useTexts();
  if (found === "") return <Box textAlign="center">{users.empty}</Box>;
  return (
    <Box textAlign="center">
      <div className="outside">{list.hasMore ? users.emptySoFar(found) : users.emptyFound(found)}</div>
      <span className="outside">
        <Link href={userHref(found)}>{users.openUser(found)}</Link>
      </span>
    </Box>
  );
}

/** While more follow, only pages that are full. */
function pagesOf({ rows, hasMore }: Pick<UsersList, "rows" | "hasMore">): number {
  const pages = rows.length / ROWS_PER_PAGE;
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
