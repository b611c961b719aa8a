import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import type { Selection } from "./use-selection.ts";
import type { UsersList } from "./use-users.ts";

interface SelectionBarProps {
  readonly selection: Selection;
  readonly list: UsersList;
  /** Whether the list has only those who were found. */
  readonly isFound: boolean;
}

/** How many users are chosen, on this page and others, and choosing everybody. */
export function SelectionBar({ selection, list, isFound }: SelectionBarProps): ReactNode {
  const { users } = useTexts();
  const { rows, isSelecting } = selection;
  if (isSelecting) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <StatusIndicator type="in-progress">{users.selecting(rows.length)}</StatusIndicator>
        <Button variant="inline-link" onClick={selection.stop}>
          {users.stop}
        </Button>
      </SpaceBetween>
    );
  }
  if (rows.length === 0) return null;
  const isAll = !list.hasMore && selection.hasAll(list.rows);
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      <span role="status">{users.selected(rows.length)}</span>
      {!isAll && (
        <Button variant="inline-link" onClick={() => void selection.selectAll(list)}>
          {isFound ? users.selectAllFound : users.selectAll}
        </Button>
      )}
      <Button variant="inline-link" onClick={selection.clear}>
        {users.unselect}
      </Button>
    </SpaceBetween>
  );
}
