import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState, type ReactNode } from "react";
import { mayLogOutAdministrators } from "../permissions.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { LogOutDialog } from "./log-out-dialog.tsx";
import type { UserRow } from "./user-rows.ts";

interface LogOutActionsProps {
  readonly rows: readonly UserRow[];
  /** When no users are selected. Earlier results are still shown. */
  readonly isHidden?: boolean;
  /** Called when somebody may have been logged out. */
  readonly onDone: () => void;
}

/** The two actions on the chosen users. */
export function LogOutActions({ rows, isHidden = false, onDone }: LogOutActionsProps): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  // The rows as they were chosen: the list below the dialog is refreshed, and the dialog still says whom it
  // was about.
  const [request, setRequest] = useState<{ rows: readonly UserRow[]; includeAdmins: boolean }>();
  const mayLogOutAll = mayLogOutAdministrators(user);
  const isUnavailable = rows.length === 0 || (!mayLogOutAll && rows.every(({ isAdmin }) => isAdmin));
  return (
    <>
      {!isHidden && (
        <ButtonDropdown
          variant="primary"
          disabled={isUnavailable}
          items={[
            { id: "users", text: texts.users.logOut(rows.length) },
            {
              id: "all",
              text: texts.users.logOutAdmins(rows.length),
              disabled: !mayLogOutAll,
              ...(!mayLogOutAll && { disabledReason: texts.users.needsAll }),
            },
          ]}
          onItemClick={({ detail }) => setRequest({ rows, includeAdmins: detail.id === "all" })}
        >
          {texts.users.actions}
        </ButtonDropdown>
      )}
      {request !== undefined && (
        <LogOutDialog
          rows={request.rows}
          includeAdmins={request.includeAdmins}
          onDone={onDone}
          onClose={() => setRequest(undefined)}
        />
      )}
    </>
  );
}
