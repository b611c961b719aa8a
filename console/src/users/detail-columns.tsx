import Box from "@cloudscape-design/components/box";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { EndingView, UserSessionView } from "../../../src/api/parts/views.ts";
import { deviceLabel } from "../devices/device-label.ts";
import { DeviceName } from "../devices/device-name.tsx";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import { actorText, reasonText } from "./ending-text.ts";

/** The columns of a user's live sessions; `action` is what can be done with one. */
export function sessionColumns(
  texts: Texts,
  isWide: boolean,
  action: (session: UserSessionView) => ReactNode,
): TableProps.ColumnDefinition<UserSessionView>[] {
  const { detail, devices } = texts;
  const device: TableProps.ColumnDefinition<UserSessionView> = {
    id: "device",
    header: detail.device,
    isRowHeader: true,
    cell: (session) => (
      <div className="outside">
        <DeviceName device={session.device} />
        <Second>{session.device.address ?? devices.noAddress}</Second>
        {!isWide && action(session)}
      </div>
    ),
  };
  const lastSeen = timeColumn("lastSeenAt", devices.lastSeen);
  return isWide
    ? [
        device,
        timeColumn("createdAt", devices.signedIn),
        lastSeen,
        timeColumn("expiresAt", devices.expires),
        { id: "action", header: detail.action, cell: action },
      ]
    : [device, lastSeen];
}

function timeColumn(
  id: "createdAt" | "lastSeenAt" | "expiresAt",
  header: string,
): TableProps.ColumnDefinition<UserSessionView> {
  return { id, header, cell: (session) => <TimeAgo at={session[id]} /> };
}

/** The columns of how a user's sessions ended: why, which device was signed out, when and by whom. */
export function endingColumns(texts: Texts, isWide: boolean): TableProps.ColumnDefinition<EndingView>[] {
  const { detail } = texts;
  const device = ({ endedDevice }: EndingView): string =>
    endedDevice === undefined ? "" : deviceLabel(endedDevice, texts);
  const why: TableProps.ColumnDefinition<EndingView> = {
    id: "why",
    header: detail.why,
    isRowHeader: true,
    cell: (ending) => (
      <div className="outside">
        {reasonText(ending, texts)}
        {!isWide && (
          <>
            <Second>
              {detail.by}: {actorText(ending, texts)}
            </Second>
            {ending.endedDevice !== undefined && (
              <Second>
                {detail.endedDevice}: {device(ending)}
              </Second>
            )}
          </>
        )}
      </div>
    ),
  };
  const when: TableProps.ColumnDefinition<EndingView> = {
    id: "when",
    header: detail.when,
    cell: ({ endedAt }) => <TimeAgo at={endedAt} />,
  };
  if (!isWide) return [why, when];
  return [
    why,
    { id: "device", header: detail.endedDevice, cell: (ending) => <Outside>{device(ending)}</Outside> },
    when,
    { id: "by", header: detail.by, cell: (ending) => <Outside>{actorText(ending, texts)}</Outside> },
  ];
}

function Outside({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className="outside">{children}</span>;
}

/** What comes below the first line of a cell. */
function Second({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Box variant="small" color="text-body-secondary" display="block">
      {children}
    </Box>
  );
}
