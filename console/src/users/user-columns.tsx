import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { DeviceName } from "../devices/device-name.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import type { UserRow } from "./user-rows.ts";

/** The columns of the table, in their order. */
export const USER_COLUMNS = ["user", "sessions", "devices", "signedIn", "lastSeen"] as const;
export type UserColumn = (typeof USER_COLUMNS)[number];

/** How many of a user's devices a row shows. */
const MOST_SHOWN = 3;

interface ColumnOptions {
  readonly isWide: boolean;
  /** The address that a user's id leads to. */
  readonly hrefOf: (userId: string) => string;
}

/** The columns of the list of users; where there is little room, two that say it all. */
export function userColumns(
  texts: Texts,
  { isWide, hrefOf }: ColumnOptions,
): TableProps.ColumnDefinition<UserRow>[] {
  const { columns } = texts.users;
  const user = {
    ...column("user", columns.user),
    isRowHeader: true,
    cell: (row: UserRow) => <User row={row} href={hrefOf(row.userId)} />,
  };
  const devices = {
    ...column("devices", columns.devices),
    cell: (row: UserRow) => <Devices row={row} isShort={!isWide} />,
  };
  if (!isWide) return [user, { ...devices, sortingComparator: COMPARE.lastSeen }];
  return [
    user,
    {
      ...column("sessions", columns.sessions),
      cell: ({ sessions }: UserRow) => sessions.length,
      width: 120,
    },
    devices,
    {
      ...column("signedIn", columns.signedIn),
      cell: (row: UserRow) => <Newest at={newest(row, "createdAt")} />,
    },
    {
      ...column("lastSeen", columns.lastSeen),
      cell: (row: UserRow) => <Newest at={newest(row, "lastSeenAt")} />,
    },
  ];
}

const COMPARE: Readonly<Record<UserColumn, (a: UserRow, b: UserRow) => number>> = {
  user: (a, b) => a.userId.localeCompare(b.userId),
  sessions: (a, b) => a.sessions.length - b.sessions.length,
  devices: (a, b) => firstLabel(a).localeCompare(firstLabel(b)),
  signedIn: (a, b) => newest(a, "createdAt").localeCompare(newest(b, "createdAt")),
  lastSeen: (a, b) => newest(a, "lastSeenAt").localeCompare(newest(b, "lastSeenAt")),
};

/** How a choice of a column's heading puts users in order. */
export function orderOf({
  sortingColumn,
  isDescending = false,
}: TableProps.SortingState<UserRow>): (a: UserRow, b: UserRow) => number {
  const compare = sortingColumn.sortingComparator ?? (() => 0);
  return isDescending ? (a, b) => compare(b, a) : compare;
}

const column = (id: UserColumn, header: string) => ({ id, header, sortingComparator: COMPARE[id] });

const firstLabel = ({ sessions }: UserRow): string => sessions[0]?.device.label ?? "";

/** Times in ISO 8601 and UTC: their order is that of their letters. */
const newest = ({ sessions }: UserRow, which: "createdAt" | "lastSeenAt"): string =>
  sessions.reduce((latest, session) => (session[which] > latest ? session[which] : latest), "");

function User({ row, href }: { readonly row: UserRow; readonly href: string }): ReactNode {
  const { users } = useTexts();
  return (
    <SpaceBetween size="xxs">
      <span className="outside">
        <Link href={href}>{row.userId}</Link>
      </span>
      {row.isAdmin && <Badge color="blue">{users.administrator}</Badge>}
    </SpaceBetween>
  );
}

function Devices({ row, isShort }: { readonly row: UserRow; readonly isShort: boolean }): ReactNode {
  return (
    <SpaceBetween size="xxs">
      {row.sessions.slice(0, MOST_SHOWN).map(({ id, device, lastSeenAt }) => (
        <div key={id}>
          <DeviceName device={device} />
          <Box variant="small" color="text-body-secondary" display="block">
            {isShort ? <TimeAgo at={lastSeenAt} /> : device.address}
          </Box>
        </div>
      ))}
      {row.sessions.length > MOST_SHOWN && <span>+ {row.sessions.length - MOST_SHOWN}</span>}
    </SpaceBetween>
  );
}

const Newest = ({ at }: { readonly at: string }): ReactNode => (at === "" ? null : <TimeAgo at={at} />);
