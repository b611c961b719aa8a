import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { deviceLabel } from "../devices/device-label.ts";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import { userHref } from "./user-path.ts";
import type { UserRow } from "./user-rows.ts";

/** How many of a user's devices a row shows. */
const MOST_SHOWN = 3;

/** The columns of the list of users; where there is little room, two that say it all. */
export function userColumns(texts: Texts, isWide: boolean): TableProps.ColumnDefinition<UserRow>[] {
  const { users } = texts;
  const devices = (row: UserRow, isShort: boolean): ReactNode => (
    <SpaceBetween size="xxs">
      {row.sessions.slice(0, MOST_SHOWN).map(({ id, device, lastSeenAt }) => (
        <div key={id} className="outside">
          {deviceLabel(device.label, texts)}
          <Box variant="small" color="text-body-secondary" display="block">
            {isShort ? <TimeAgo at={lastSeenAt} /> : device.address}
          </Box>
        </div>
      ))}
      {row.sessions.length > MOST_SHOWN && <span>+ {row.sessions.length - MOST_SHOWN}</span>}
    </SpaceBetween>
  );
  const user: TableProps.ColumnDefinition<UserRow> = {
    id: "user",
    header: users.user,
    isRowHeader: true,
    cell: (row) => (
      <SpaceBetween size="xxs">
        <span className="outside">
          <Link href={userHref(row.userId)}>{row.userId}</Link>
        </span>
        {row.isAdmin && <Badge color="blue">{users.administrator}</Badge>}
      </SpaceBetween>
    ),
  };
  if (!isWide) return [user, { id: "devices", header: users.devices, cell: (row) => devices(row, true) }];
  return [
    user,
    { id: "sessions", header: users.sessions, cell: ({ sessions }) => sessions.length, width: 110 },
    { id: "devices", header: users.devices, cell: (row) => devices(row, false) },
    {
      id: "signedIn",
      header: users.signedIn,
      cell: ({ sessions }) => <Newest times={sessions.map(({ createdAt }) => createdAt)} />,
    },
    {
      id: "lastSeen",
      header: users.lastSeen,
      cell: ({ sessions }) => <Newest times={sessions.map(({ lastSeenAt }) => lastSeenAt)} />,
    },
  ];
}

function Newest({ times }: { readonly times: readonly string[] }): ReactNode {
  const newest = [...times].sort().at(-1);
  return newest === undefined ? null : <TimeAgo at={newest} />;
}
