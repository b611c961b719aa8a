import Badge from "@cloudscape-design/components/badge";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import { UserActions } from "../users/user-actions.tsx";
import { UserTables } from "../users/user-tables.tsx";
import { userHref } from "../users/user-path.ts";
import { useUserDetails } from "../users/use-user-details.ts";

/** The page of one user. */
export default function UserDetail({ userId }: { readonly userId: string }): ReactNode {
  const { users } = useTexts();
  usePageTitle(userId);
  const isWide = useMedia(WIDE);
  const details = useUserDetails(userId);
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup
        items={[
          { text: users.title, href: "#/users" },
          { text: userId, href: userHref(userId) },
        ]}
      />
      <Header
        variant="h1"
        info={details.row?.isAdmin === true && <Badge color="blue">{users.administrator}</Badge>}
        actions={<UserActions details={details} />}
      >
        <span className="outside">{userId}</span>
      </Header>
      <UserTables details={details} isWide={isWide} heading="h2" />
    </SpaceBetween>
  );
}
