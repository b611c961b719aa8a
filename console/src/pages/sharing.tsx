import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState, type ReactNode } from "react";
import { useSearch } from "wouter";
import { useActivityTexts, WithComponentTexts } from "../activity/activity-texts.tsx";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { suspectColumns } from "../sharing/suspect-columns.tsx";
import { SuspectDetail } from "../sharing/suspect-detail.tsx";
import { SHARING_HREF, suspectHref, suspectOf } from "../sharing/suspect-path.ts";
import { useSuspects } from "../sharing/use-suspects.ts";
import { Failure } from "../shell/failure.tsx";
import { SidePanel } from "../shell/side-panel.tsx";
import { Updated } from "../shell/updated.tsx";
import { ROOMY, useMedia } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";

const ROWS_PER_PAGE = 25;

/** Who may share an account or use a copied session; one of them in detail beside it. */
export default function Sharing(): ReactNode {
  const texts = useTexts();
  const pages = useActivityTexts();
  const { sharing, offline } = pages;
  usePageTitle(sharing.title);
  const isWide = useMedia(ROOMY);
  const list = useSuspects();
  const open = suspectOf(useSearch());
  const [wanted, setPage] = useState(1);
  const pageCount = Math.max(1, Math.ceil(list.rows.length / ROWS_PER_PAGE));
  const page = Math.min(wanted, pageCount);
  const shown = list.rows.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);

  async function goTo(next: number): Promise<void> {
    const rows = await list.loadUntil(next * ROWS_PER_PAGE);
    setPage(Math.max(1, Math.min(next, Math.ceil(rows / ROWS_PER_PAGE))));
  }

  return (
    <WithComponentTexts>
      <SpaceBetween size="l">
        {list.error && <Failure text={errorText(list.error, texts)} onRetry={list.restart} />}
        <Table
          items={shown}
          trackBy="userId"
          columnDefinitions={suspectColumns(pages, isWide)}
          wrapLines
          variant="container"
          loading={list.isPending && !list.isPaused && !list.error}
          loadingText={texts.loading}
          {...(isWide && { selectionType: "single" as const })}
          selectedItems={shown.filter(({ userId }) => userId === open)}
          onSelectionChange={({ detail }) => {
            const [chosen] = detail.selectedItems;
            if (chosen !== undefined) location.hash = suspectHref(chosen.userId);
          }}
          ariaLabels={{
            tableLabel: sharing.title,
            selectionGroupLabel: sharing.openShort,
            itemSelectionLabel: (_, { userId }) => sharing.open(userId),
          }}
          empty={<Box textAlign="center">{list.isPaused ? offline : list.isLoaded ? sharing.empty : ""}</Box>}
          header={
            <Header
              variant="h1"
              description={sharing.text}
              counter={list.isLoaded ? `(${list.rows.length}${list.hasMore ? "+" : ""})` : ""}
              actions={<Updated at={list.updatedAt} isBusy={list.isFetching} onRefresh={list.restart} />}
            >
              {sharing.title}
            </Header>
          }
          pagination={
            <Pagination
              currentPageIndex={page}
              pagesCount={pageCount}
              openEnd={list.hasMore}
              ariaLabels={{ paginationLabel: sharing.pages }}
              onChange={({ detail }) => void goTo(detail.currentPageIndex)}
            />
          }
        />
      </SpaceBetween>
      {open !== undefined && (
        <SidePanel
          key={open}
          header={open}
          onClose={() => {
            location.hash = SHARING_HREF;
          }}
        >
          <SuspectDetail userId={open} suspect={list.rows.find(({ userId }) => userId === open)} />
        </SidePanel>
      )}
    </WithComponentTexts>
  );
}
