import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState, type ReactNode } from "react";
import { logOutUsers as sendLogOut } from "../api/calls.ts";
import { failureText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { logOutUsers, type LogOutReport } from "./log-out-users.ts";
import { Names } from "./names.tsx";

interface LogOutPreviewProps {
  readonly userIds: readonly string[];
  readonly includeAdmins: boolean;
}

/** Asks the API what a log-out would do, on demand: asking is recorded as an administrator's act. */
export function LogOutPreview({ userIds, includeAdmins }: LogOutPreviewProps): ReactNode {
  const { logout } = useTexts();
  const { user } = useSignedIn();
  const [isBusy, setBusy] = useState(false);
  const [report, setReport] = useState<LogOutReport>();

  async function ask(): Promise<void> {
    setBusy(true);
    setReport(
      await logOutUsers(
        { userIds, self: user.id },
        {
          send: (batch) => sendLogOut(batch, { includeAdmins, dryRun: true }),
          onProgress: () => undefined,
          signal: new AbortController().signal,
        },
      ),
    );
    setBusy(false);
  }

  return (
    <SpaceBetween size="s">
      <Button loading={isBusy} onClick={() => void ask()}>
        {logout.preview}
      </Button>
      <div role="status">{report !== undefined && <Preview report={report} />}</div>
    </SpaceBetween>
  );
}

function Preview({ report }: { readonly report: LogOutReport }): ReactNode {
  const texts = useTexts();
  const { logout } = texts;
  const { loggedOut, skipped, notDone, why } = report;
  const sessionCount = loggedOut.reduce((sum, each) => sum + each.sessionCount, 0);
  return (
    <SpaceBetween size="xs">
      {why?.reason === "failure" && <Failure text={failureText(why.failure, texts)} />}
      <StatusIndicator type="info">{logout.wouldLogOut(loggedOut.length, sessionCount)}</StatusIndicator>
      {skipped.length > 0 && (
        <>
          <StatusIndicator type="warning">{logout.wouldSkip(skipped.length)}</StatusIndicator>
          <Names label={logout.wouldSkip(skipped.length)} names={skipped.map(({ userId }) => userId)} />
        </>
      )}
      {notDone.length > 0 && (
        <StatusIndicator type="error">{logout.notAsked(notDone.length)}</StatusIndicator>
      )}
    </SpaceBetween>
  );
}
