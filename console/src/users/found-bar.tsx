import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import type { FoundUsers } from "./find-users.ts";

interface FoundBarProps {
  readonly found: FoundUsers;
  readonly isFiltered: boolean;
  readonly isSorted: boolean;
}

/** Among how many users there was a search, or an order was made, and going on with the others. */
export function FoundBar({ found, isFiltered, isSorted }: FoundBarProps): ReactNode {
  const { users } = useTexts();
  if (found.isSearching) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <StatusIndicator type="in-progress">{users.searching(found.searched.length)}</StatusIndicator>
        <Button variant="inline-link" onClick={found.stop}>
          {users.stop}
        </Button>
      </SpaceBetween>
    );
  }
  if (!found.isLoaded || !found.hasMore || !(isFiltered || isSorted)) return null;
  const text = isFiltered ? users.searched : users.sorted;
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      <span role="status">{text(found.searched.length)}</span>
      <Button variant="inline-link" onClick={() => void found.searchAll()}>
        {isFiltered ? users.searchAll : users.sortAll}
      </Button>
    </SpaceBetween>
  );
}
