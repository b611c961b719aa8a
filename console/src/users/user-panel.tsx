import Badge from "@cloudscape-design/components/badge";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { SidePanel, VERY_WIDE } from "../shell/side-panel.tsx";
import { useMedia } from "../shell/use-media.ts";
import { UserActions } from "./user-actions.tsx";
import { UserTables } from "./user-tables.tsx";
import { userHref } from "./user-path.ts";
import { useUserDetails } from "./use-user-details.ts";

interface UserPanelProps {
  readonly userId: string;
  readonly onClose: () => void;
}

/** The details of a user beside the list. */
export default function UserPanel({ userId, onClose }: UserPanelProps): ReactNode {
  const { users } = useTexts();
  const isAtTheSide = useMedia(VERY_WIDE);
  const details = useUserDetails(userId);
  return (
    <SidePanel header={userId} onClose={onClose}>
      <SpaceBetween size="m">
        <div className="panel-bar">
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            {details.row?.isAdmin === true && <Badge color="blue">{users.administrator}</Badge>}
            <Link href={userHref(userId)}>{users.ownPage}</Link>
          </SpaceBetween>
          <UserActions details={details} />
        </div>
        <UserTables details={details} isWide={!isAtTheSide} heading="h3" />
      </SpaceBetween>
    </SidePanel>
  );
}
