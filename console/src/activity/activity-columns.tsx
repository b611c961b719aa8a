import type { TableProps } from "@cloudscape-design/components/table";
import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import type { Texts } from "../texts/en.ts";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";
import { Details, Devices, Second, What, When, Whom } from "./activity-rows.tsx";

interface ColumnOptions {
  readonly texts: { readonly common: Texts; readonly pages: ActivityTexts };
  readonly isWide: boolean;
  /** `false` where all rows are one user's. */
  readonly hasUsers: boolean;
}

type Column = TableProps.ColumnDefinition<ActivityView>;

/** The columns of what happened; where there is little room, two that say it all. */
export function activityColumns({ texts, isWide, hasUsers }: ColumnOptions): Column[] {
  const { activity } = texts.pages;
  const what: Column = {
    id: "what",
    header: activity.kind,
    isRowHeader: true,
    ...(isWide && { minWidth: 170 }),
    cell: (record) => (
      <>
        <What record={record} texts={texts} />
        {!isWide && (
          <Second>
            {hasUsers && <Whom record={record} texts={texts} />}
            <Devices record={record} />
            <Details record={record} texts={texts} />
          </Second>
        )}
      </>
    ),
  };
  const when: Column = {
    id: "when",
    header: activity.when,
    ...(isWide ? { width: 190 } : { width: 90 }),
    cell: ({ time }) => <When at={time} isShort={!isWide} />,
  };
  if (!isWide) return [what, when];
  return [
    when,
    what,
    ...(hasUsers
      ? [
          {
            id: "user",
            header: activity.user,
            cell: (record: ActivityView) => <Whom record={record} texts={texts} />,
          },
        ]
      : []),
    { id: "device", header: activity.device, minWidth: 150, cell: (record) => <Devices record={record} /> },
    { id: "details", header: activity.details, cell: (record) => <Details record={record} texts={texts} /> },
  ];
}
