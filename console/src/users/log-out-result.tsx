import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { failureText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { saveCsv } from "../shell/save-csv.ts";
import type { Texts } from "../texts/en.ts";
import { logOutCsv } from "./log-out-csv.ts";
import type { LogOutReport } from "./log-out-users.ts";
import { Names } from "./names.tsx";

/** Who was logged out, who was skipped and why, and who is left. */
export function LogOutResult({ report }: { readonly report: LogOutReport }): ReactNode {
  const texts = useTexts();
  const { logout } = texts;
  const { loggedOut, skipped, notDone } = report;
  const sessionCount = loggedOut.reduce((sum, each) => sum + each.sessionCount, 0);
  return (
    <SpaceBetween size="m">
      <div role="status">
        <SpaceBetween size="m">
          {loggedOut.length > 0 && (
            <Alert type="success" header={logout.loggedOut(loggedOut.length, sessionCount)}>
              <Names
                label={logout.loggedOut(loggedOut.length, sessionCount)}
                names={loggedOut.map(
                  ({ userId, sessionCount: count }) => `${userId} (${logout.sessionCount(count)})`,
                )}
              />
            </Alert>
          )}
          {skipped.length > 0 && (
            <Alert type="info" header={logout.skipped(skipped.length)}>
              <Names
                label={logout.skipped(skipped.length)}
                names={skipped.map(({ userId, reason }) => `${userId} (${logout.skippedWhy[reason]})`)}
              />
            </Alert>
          )}
          {notDone.length > 0 && (
            <Alert type="error" header={logout.notDone(notDone.length)}>
              {whyText(report, texts)}
              <Names label={logout.notDone(notDone.length)} names={notDone} />
            </Alert>
          )}
        </SpaceBetween>
      </div>
      <Button iconName="download" onClick={() => saveCsv(fileName(new Date()), logOutCsv(report))}>
        {logout.download}
      </Button>
    </SpaceBetween>
  );
}

/** With the time, so that several are told apart. */
const fileName = (now: Date): string =>
  `logged-out-${now.toISOString().slice(0, 19).replaceAll(":", "-")}.csv`;

function whyText({ why }: LogOutReport, texts: Texts): string {
  switch (why?.reason) {
    case "stopped":
      return texts.logout.notDoneStopped;
    case "failure":
      return failureText(why.failure, texts);
    case "time":
    case undefined:
      return texts.logout.notDoneTime;
  }
}
