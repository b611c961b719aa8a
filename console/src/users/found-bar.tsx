import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import type { FoundUsers } from "./find-users.ts";

/** How many users have been searched, and searching the others. */
export function FoundBar({ found }: { readonly found: FoundUsers }): ReactNode {
  const { users } = useTexts();
  if (found.isSearching) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <StatusIndicator type="in-progress">{users.searching(found.searched)}</StatusIndicator>
        <Button variant="inline-link" onClick={found.stop}>
          {users.stop}
        </Button>
      </SpaceBetween>
    );
  }
  if (!found.isLoaded || !found.hasMore) return null;
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      <span role="status">{users.searched(found.searched)}</span>
      <Button variant="inline-link" onClick={() => void found.searchAll()}>
        {users.searchAll}
      </Button>
    </SpaceBetween>
  );
}
