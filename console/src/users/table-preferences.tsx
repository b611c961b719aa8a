import CollectionPreferences from "@cloudscape-design/components/collection-preferences";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { store, stored } from "../preferences/storage.ts";
import { USER_COLUMNS, type UserColumn } from "./user-columns.tsx";

const PAGE_SIZES = [20, 50, 100] as const;

/** How a person wants the table of users. */
export interface TablePreferences {
  readonly pageSize: number;
  readonly wrapLines: boolean;
  readonly visible: readonly UserColumn[];
}

const DEFAULTS: TablePreferences = { pageSize: 50, wrapLines: true, visible: USER_COLUMNS };

/** The preferences that were chosen in this browser, and how to choose others. */
export function useTablePreferences(): readonly [TablePreferences, (next: TablePreferences) => void] {
  const [preferences, set] = useState(() => readPreferences(stored("users-table")));
  return [
    preferences,
    (next) => {
      store("users-table", JSON.stringify(next));
      set(next);
    },
  ];
}

/** What was stored may be of another version of the page: what is unknown in it is left out. */
function readPreferences(json: string | null): TablePreferences {
  if (json === null) return DEFAULTS;
  try {
    const { pageSize, wrapLines, visible } = JSON.parse(json) as Partial<
      Record<keyof TablePreferences, unknown>
    >;
    return {
      pageSize: PAGE_SIZES.find((size) => size === pageSize) ?? DEFAULTS.pageSize,
      wrapLines: typeof wrapLines === "boolean" ? wrapLines : DEFAULTS.wrapLines,
      visible: Array.isArray(visible) ? USER_COLUMNS.filter((id) => visible.includes(id)) : DEFAULTS.visible,
    };
  } catch {
    return DEFAULTS;
  }
}

interface ChooseTableProps {
  readonly preferences: TablePreferences;
  readonly onChange: (next: TablePreferences) => void;
  /** Whether there are columns to choose from. */
  readonly isWide: boolean;
}

/** The dialog of the preferences, behind a button. */
export function ChooseTable({ preferences, onChange, isWide }: ChooseTableProps): ReactNode {
  const { users } = useTexts();
  return (
    <CollectionPreferences
      preferences={{
        pageSize: preferences.pageSize,
        wrapLines: preferences.wrapLines,
        visibleContent: preferences.visible,
      }}
      pageSizePreference={{
        options: PAGE_SIZES.map((value) => ({ value, label: users.perPage(value) })),
      }}
      wrapLinesPreference={{}}
      {...(isWide && {
        visibleContentPreference: {
          title: users.shownColumns,
          options: [
            {
              label: users.shownColumns,
              options: USER_COLUMNS.map((id) => ({
                id,
                label: users.columns[id],
                // Without it a row says of nobody.
                editable: id !== "user",
              })),
            },
          ],
        },
      })}
      onConfirm={({ detail: { pageSize, wrapLines, visibleContent } }) =>
        onChange({
          pageSize: pageSize ?? preferences.pageSize,
          wrapLines: wrapLines ?? preferences.wrapLines,
          visible:
            visibleContent === undefined
              ? preferences.visible
              : USER_COLUMNS.filter((id) => visibleContent.includes(id)),
        })
      }
    />
  );
}
