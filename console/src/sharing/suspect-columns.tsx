import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { SuspectView } from "../../../src/api/parts/shapes.ts";
import { DeviceName } from "../devices/device-name.tsx";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import { suspectHref } from "./suspect-path.ts";

type Column = TableProps.ColumnDefinition<SuspectView>;

/** The columns of who is suspected; where there is little room, two that say it all. */
export function suspectColumns(texts: ActivityTexts, isWide: boolean): Column[] {
  const { sharing } = texts;
  const user: Column = {
    id: "user",
    header: sharing.user,
    isRowHeader: true,
    ...(isWide && { minWidth: 150 }),
    cell: (suspect) => (
      <SpaceBetween size="xxs">
        <span className="outside">
          <Link href={suspectHref(suspect.userId)} ariaLabel={sharing.open(suspect.userId)}>
            {suspect.userId}
          </Link>
        </span>
        {!isWide && (
          <Box variant="small" color="text-body-secondary" display="block">
            <Why suspect={suspect} texts={texts} />
            <DevicePair suspect={suspect} />
          </Box>
        )}
      </SpaceBetween>
    ),
  };
  const last: Column = {
    id: "last",
    header: sharing.last,
    cell: ({ lastAt }) => <TimeAgo at={lastAt} />,
  };
  if (!isWide) return [user, last];
  return [
    user,
    { id: "why", header: sharing.why, cell: (suspect) => <Why suspect={suspect} texts={texts} /> },
    {
      id: "devices",
      header: sharing.devices,
      minWidth: 150,
      cell: (suspect) => <DevicePair suspect={suspect} />,
    },
    { id: "times", header: sharing.times, cell: ({ times }) => times, width: 90 },
    last,
    { id: "first", header: sharing.first, cell: ({ firstAt }) => <TimeAgo at={firstAt} /> },
  ];
}

interface SuspectProps {
  readonly suspect: SuspectView;
}

function Why({ suspect, texts }: SuspectProps & { readonly texts: ActivityTexts }): ReactNode {
  return suspect.suspicions.map((suspicion) => (
    <div key={suspicion}>{texts.activity.suspicions[suspicion]}</div>
  ));
}

export function DevicePair({ suspect }: SuspectProps): ReactNode {
  return suspect.devices.map((device, index) => (
    <div key={index}>
      <DeviceName device={device} />
    </div>
  ));
}
