import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { EndingView } from "../../../src/api/parts/views.ts";
import { valueOf } from "../api/call.ts";
import { listEndings, type Page } from "../api/calls.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import { endingColumns, sessionColumns } from "../users/detail-columns.tsx";
import { EndSession } from "../users/end-session.tsx";
import { LogOutActions } from "../users/log-out-actions.tsx";
import { UnknownUser } from "../users/unknown-user.tsx";
import { userHref } from "../users/user-path.ts";
import { useUsers } from "../users/use-users.ts";

/** One user's live sessions, and how the last ones ended. */
export default function UserDetail({ userId }: { readonly userId: string }): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  usePageTitle(userId);
  const isWide = useMedia(WIDE);
  const queries = useQueryClient();
  const list = useUsers({ userId });
  const row = list.rows[0];
  const sessions = row?.sessions ?? [];
  const endingsKey = ["endings", user.id, userId];
  const endings = useInfiniteQuery({
    queryKey: endingsKey,
    queryFn: async ({ pageParam }) => valueOf(await listEndings({ userId, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: Page<EndingView>) => cursor,
    refetchOnWindowFocus: false,
  });
  const past = endings.data?.pages.flatMap(({ items }) => items);
  const isUnknown = list.isLoaded && sessions.length === 0 && past?.length === 0;
  function restart(): void {
    list.restart();
    void queries.resetQueries({ queryKey: endingsKey });
  }

  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup
        items={[
          { text: texts.users.title, href: "#/users" },
          { text: userId, href: userHref(userId) },
        ]}
      />
      <Header
        variant="h1"
        info={row?.isAdmin === true && <Badge color="blue">{texts.users.administrator}</Badge>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={texts.refresh} onClick={restart} />
            <LogOutActions rows={row === undefined ? [] : [row]} isHidden={isUnknown} onDone={restart} />
          </SpaceBetween>
        }
      >
        <span className="outside">{userId}</span>
      </Header>
      {list.error && <Failure text={errorText(list.error, texts)} onRetry={restart} />}
      {endings.error && (
        <Failure text={errorText(endings.error, texts)} onRetry={() => void endings.refetch()} />
      )}
      {isUnknown ? (
        <UnknownUser />
      ) : (
        <SpaceBetween size="l">
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
                variant="h2"
                counter={list.isLoaded ? `(${sessions.length}${list.hasMore ? "+" : ""})` : ""}
              >
                {texts.detail.sessions}
              </Header>
            }
            footer={
              list.hasMore && (
                <Button onClick={() => void list.loadMore()}>{texts.detail.moreSessions}</Button>
              )
            }
          />
          <Table
            items={past ?? []}
            trackBy="sessionId"
            columnDefinitions={endingColumns(texts, isWide)}
            wrapLines
            loading={endings.isPending}
            loadingText={texts.loading}
            ariaLabels={{ tableLabel: texts.detail.endings }}
            empty={endings.error ? null : <Box textAlign="center">{texts.detail.noEndings}</Box>}
            header={<Header variant="h2">{texts.detail.endings}</Header>}
            footer={
              endings.hasNextPage && (
                <Button loading={endings.isFetchingNextPage} onClick={() => void endings.fetchNextPage()}>
                  {texts.detail.more}
                </Button>
              )
            }
          />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
