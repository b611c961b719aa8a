import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { Updated } from "../shell/updated.tsx";
import { LogOutActions } from "./log-out-actions.tsx";
import type { UserDetails } from "./use-user-details.ts";

/** How old what is known of a user is, and what can be done with all sessions of the user. */
export function UserActions({ details }: { readonly details: UserDetails }): ReactNode {
  const { row, list, isUnknown, restart } = details;
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Updated at={list.updatedAt} isBusy={list.isFetching && !list.isPending} onRefresh={restart} />
      <LogOutActions rows={row === undefined ? [] : [row]} isHidden={isUnknown} onDone={restart} />
    </SpaceBetween>
  );
}
