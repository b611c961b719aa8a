import Alert from "@cloudscape-design/components/alert";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";

/** For people who follow a link to a page that they may not see. */
export default function NoPermission(): ReactNode {
  const { users, failures } = useTexts();
  usePageTitle(users.title);
  return (
    <Alert type="warning" header={failures.forbidden}>
      {users.noPermission}
    </Alert>
  );
}
