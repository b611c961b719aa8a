import Box from "@cloudscape-design/components/box";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { EndingView, UserSessionView } from "../../../src/http/views.ts";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";

/** The columns of a user's live sessions. */
export function sessionColumns(
  { detail, devices }: Texts,
  isWide: boolean,
): TableProps.ColumnDefinition<UserSessionView>[] {
  const device: TableProps.ColumnDefinition<UserSessionView> = {
    id: "device",
    header: detail.device,
    isRowHeader: true,
    cell: (session) => (
      <div className="outside">
        {session.device.label}
        <Box variant="small" color="text-body-secondary" display="block">
          {session.device.address ?? devices.noAddress}
        </Box>
      </div>
    ),
  };
  const lastSeen = timeColumn("lastSeenAt", devices.lastSeen);
  return isWide
    ? [device, timeColumn("createdAt", devices.signedIn), lastSeen, timeColumn("expiresAt", devices.expires)]
    : [device, lastSeen];
}

function timeColumn(
  id: "createdAt" | "lastSeenAt" | "expiresAt",
  header: string,
): TableProps.ColumnDefinition<UserSessionView> {
  return { id, header, cell: (session) => <TimeAgo at={session[id]} /> };
}

/** The columns of how a user's sessions ended: why, when and by whom. */
export function endingColumns(texts: Texts, isWide: boolean): TableProps.ColumnDefinition<EndingView>[] {
  const { detail } = texts;
  const why: TableProps.ColumnDefinition<EndingView> = {
    id: "why",
    header: detail.why,
    isRowHeader: true,
    cell: (ending) => (
      <div className="outside">
        {detail.reasons[ending.reason](ending.displacedByDevice ?? "")}
        {!isWide && (
          <Box variant="small" color="text-body-secondary" display="block">
            {by(ending, texts)}
          </Box>
        )}
      </div>
    ),
  };
  const when: TableProps.ColumnDefinition<EndingView> = {
    id: "when",
    header: detail.when,
    cell: ({ endedAt }) => <TimeAgo at={endedAt} />,
  };
  return isWide
    ? [why, when, { id: "by", header: detail.by, cell: (ending) => by(ending, texts) }]
    : [why, when];
}

function by({ endedBy, userId }: EndingView, { detail }: Texts): ReactNode {
  return <span className="outside">{endedBy === userId ? detail.themself : endedBy}</span>;
}
