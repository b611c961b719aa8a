import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { lazy, Suspense, type ReactNode } from "react";
import { errorText } from "../api/failure-text.ts";
import { useConfig } from "../config-context.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { endingColumns, sessionColumns } from "./detail-columns.tsx";
import { EndSession } from "./end-session.tsx";
import { UnknownUser } from "./unknown-user.tsx";
import type { UserDetails } from "./use-user-details.ts";

/** With the texts of the pages of activity. */
const UserActivity = lazy(() => import("./user-activity.tsx"));

interface UserTablesProps {
  readonly details: UserDetails;
  /** Whether there is room for all columns. */
  readonly isWide: boolean;
  /** Below the heading of the user. */
  readonly heading: "h2" | "h3";
}

/** A user's live sessions, how the last ones ended, and where activity is kept, what else happened. */
export function UserTables({ details, isWide, heading }: UserTablesProps): ReactNode {
  const texts = useTexts();
  const { activity } = useConfig();
  const { userId, list, endings, isUnknown, restart } = details;
  return (
    <SpaceBetween size="l">
      {list.error && <Failure text={errorText(list.error, texts)} onRetry={restart} />}
      {endings.error && <Failure text={errorText(endings.error, texts)} onRetry={endings.retry} />}
      {!isUnknown && <LiveSessions details={details} isWide={isWide} heading={heading} />}
      {!isUnknown && <PastEndingsTable details={details} isWide={isWide} heading={heading} />}
      {activity ? (
        <Suspense fallback={null}>
          {/* Activity is kept for longer than endings are. */}
          <UserActivity {...{ userId, isWide, heading }} {...(isUnknown && { otherwise: <UnknownUser /> })} />
        </Suspense>
      ) : (
        isUnknown && <UnknownUser />
      )}
    </SpaceBetween>
  );
}

function LiveSessions({ details, isWide, heading }: UserTablesProps): ReactNode {
  const texts = useTexts();
  const { list, row, restart } = details;
  const sessions = row?.sessions ?? [];
  return (
    <Table
      items={sessions}
      trackBy="id"
      columnDefinitions={sessionColumns(texts, isWide, (session) => (
        <EndSession session={session} onDone={restart} />
      ))}
      wrapLines
      loading={list.isPending}
      loadingText={texts.loading}
      ariaLabels={{ tableLabel: texts.detail.sessions }}
      empty={list.error ? null : <Box textAlign="center">{texts.detail.noSessions}</Box>}
      header={
        <Header
          variant={heading}
          counter={list.isLoaded ? `(${sessions.length}${list.hasMore ? "+" : ""})` : ""}
        >
          {texts.detail.sessions}
        </Header>
      }
      footer={
        list.hasMore && <Button onClick={() => void list.loadMore()}>{texts.detail.moreSessions}</Button>
      }
    />
  );
}

function PastEndingsTable({ details: { endings }, isWide, heading }: UserTablesProps): ReactNode {
  const texts = useTexts();
  return (
    <Table
      items={endings.items}
      trackBy="sessionId"
      columnDefinitions={endingColumns(texts, isWide)}
      wrapLines
      loading={endings.isPending}
      loadingText={texts.loading}
      ariaLabels={{ tableLabel: texts.detail.endings }}
      empty={endings.error ? null : <Box textAlign="center">{texts.detail.noEndings}</Box>}
      header={<Header variant={heading}>{texts.detail.endings}</Header>}
      footer={
        endings.hasMore && (
          <Button loading={endings.isLoadingMore} onClick={endings.loadMore}>
            {texts.detail.more}
          </Button>
        )
      }
    />
  );
}
