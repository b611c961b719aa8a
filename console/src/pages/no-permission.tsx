import Alert from "@cloudscape-design/components/alert";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";

/** For whoever follows a link to a page that is not offered. */
export default function NoPermission(): ReactNode {
  const { users, failures } = useTexts();
  usePageTitle(users.title);
  return (
    <Alert type="warning" header={failures.forbidden}>
      {users.noPermission}
    </Alert>
  );
}
