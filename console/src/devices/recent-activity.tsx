import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { OwnActivityView } from "../../../src/api/parts/shapes.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { valueOf } from "../api/call.ts";
import { listOwnActivity, type Page } from "../api/calls.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Updated } from "../shell/updated.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import { DeviceName } from "./device-name.tsx";
import { deviceLabel } from "./device-label.ts";

interface RecentActivityProps {
  /** Called with what somebody else did. */
  readonly onNotMe: (record: OwnActivityView) => void;
}

/** One's own sign-ins and ends of sessions, for people to see whether it was them. */
export function RecentActivity({ onNotMe }: RecentActivityProps): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  const isWide = useMedia(WIDE);
  const query = useInfiniteQuery({
    queryKey: ["own-activity", user.id],
    queryFn: async ({ pageParam }) => valueOf(await listOwnActivity(pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: Page<OwnActivityView>) => cursor,
    refetchOnWindowFocus: false,
  });
  const { recent } = texts;
  return (
    <Table
      items={query.data?.pages.flatMap(({ items }) => items) ?? []}
      trackBy="id"
      columnDefinitions={columnsOf(texts, isWide, onNotMe)}
      wrapLines
      loading={query.isPending}
      loadingText={texts.loading}
      ariaLabels={{ tableLabel: recent.title }}
      empty={
        query.error ? (
          <Failure text={errorText(query.error, texts)} onRetry={() => void query.refetch()} />
        ) : (
          <Box textAlign="center">{recent.empty}</Box>
        )
      }
      header={
        <Header
          variant="h2"
          description={recent.text}
          actions={
            <Updated
              at={query.dataUpdatedAt}
              isBusy={query.isFetching && !query.isPending}
              onRefresh={() => void query.refetch()}
            />
          }
        >
          {recent.title}
        </Header>
      }
      footer={
        query.hasNextPage && (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {texts.detail.more}
          </Button>
        )
      }
    />
  );
}

function columnsOf(
  texts: Texts,
  isWide: boolean,
  onNotMe: RecentActivityProps["onNotMe"],
): TableProps.ColumnDefinition<OwnActivityView>[] {
  const { recent } = texts;
  const device = (record: OwnActivityView): ReactNode =>
    record.device !== undefined && <DeviceName device={record.device} />;
  const action = (record: OwnActivityView): ReactNode =>
    isDoubtful(record) && (
      <Button
        variant="inline-link"
        ariaLabel={texts.notMe.named(deviceLabel(record.device?.label ?? "", texts))}
        onClick={() => onNotMe(record)}
      >
        {texts.notMe.action}
      </Button>
    );
  const what: TableProps.ColumnDefinition<OwnActivityView> = {
    id: "what",
    header: recent.what,
    isRowHeader: true,
    cell: (record) => (
      <div className="outside">
        {whatText(record, texts)}{" "}
        {record.current === true && <Badge color="green">{texts.devices.current}</Badge>}
        {!isWide && (
          <>
            <div>{device(record)}</div>
            {action(record)}
          </>
        )}
      </div>
    ),
  };
  const when: TableProps.ColumnDefinition<OwnActivityView> = {
    id: "when",
    header: recent.when,
    cell: ({ time }) => <TimeAgo at={time} />,
  };
  return isWide
    ? [
        what,
        { id: "device", header: recent.device, cell: device },
        when,
        { id: "action", header: recent.wasIt, cell: action },
      ]
    : [what, when];
}

/** Only a sign-in can have been somebody else's, and not that of the device at hand. */
const isDoubtful = ({ kind, current }: OwnActivityView): boolean => kind !== "ended" && current !== true;

function whatText({ kind, reason, by }: OwnActivityView, texts: Texts): string {
  const { kinds, reasons } = texts.recent;
  if (kind !== "ended") return kinds[kind];
  if (reason === "displaced")
    return reasons.displaced(by !== undefined && "device" in by ? deviceLabel(by.device, texts) : "");
  return reasons[reason ?? "unknown"];
}
