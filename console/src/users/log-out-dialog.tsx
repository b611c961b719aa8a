import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState, type ReactNode } from "react";
import { ApiError } from "../api/call.ts";
import { logOutUsers as sendLogOut } from "../api/calls.ts";
import { isNotSignedIn } from "../api/not-signed-in.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSession, useSignedIn } from "../../../client/react/index.ts";
import { Confirm } from "../shell/confirm.tsx";
import { ReasonField, useReason } from "../shell/reason-field.tsx";
import { useConfig } from "../config-context.tsx";
import { JobNote } from "../jobs/job-note.tsx";
import { MOST_WITHOUT_JOB } from "../jobs/start-jobs.ts";
import { useStartJobs } from "../jobs/use-start-jobs.ts";
import { LogOutPreview } from "./log-out-preview.tsx";
import { LogOutResult } from "./log-out-result.tsx";
import { logOutUsers, type LogOutReport } from "./log-out-users.ts";
import { sessionCountOf, type UserRow } from "./user-rows.ts";

interface LogOutDialogProps {
  readonly rows: readonly UserRow[];
  readonly includeAdmins: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

type Phase =
  | { readonly phase: "confirm" }
  | { readonly phase: "running"; readonly total: number; readonly done: number }
  | { readonly phase: "done"; readonly report: LogOutReport };

/** Confirmation, progress and result of an administrators' logout. */
export function LogOutDialog({ rows, includeAdmins, onDone, onClose }: LogOutDialogProps): ReactNode {
  const { users, logout, ...texts } = useTexts();
  const { check } = useSession();
  const { user } = useSignedIn();
  const [phase, setPhase] = useState<Phase>({ phase: "confirm" });
  const reason = useReason();
  const byJob = useConfig().jobs && rows.length > MOST_WITHOUT_JOB;
  const jobs = useStartJobs();
  const stopping = useRef(new AbortController());
  const title = includeAdmins ? users.logOutAdmins(rows.length) : users.logOut(rows.length);

  /** `earlier`: the results of a first run. */
  async function run(userIds: readonly string[], earlier?: LogOutReport): Promise<void> {
    stopping.current = new AbortController();
    setPhase({ phase: "running", total: userIds.length, done: 0 });
    const report = await logOutUsers(
      { userIds, self: user.id },
      {
        send: (batch) => sendLogOut(batch, { includeAdmins, reason: reason.given }),
        onProgress: (done) => setPhase({ phase: "running", total: userIds.length, done }),
        signal: stopping.current.signal,
      },
    );
    setPhase({
      phase: "done",
      report: {
        ...report,
        loggedOut: [...(earlier?.loggedOut ?? []), ...report.loggedOut],
        skipped: [...(earlier?.skipped ?? []), ...report.skipped],
      },
    });
    if (report.why?.reason === "failure" && isNotSignedIn(new ApiError(report.why.failure))) check();
    onDone();
  }

  switch (phase.phase) {
    case "confirm":
      return (
        <Confirm
          title={title}
          submitText={logout.submit}
          isBusy={jobs.isBusy}
          failure={jobs.failure}
          onSubmit={() => {
            if (reason.isTooLong) return;
            const userIds = rows.map(({ userId }) => userId);
            if (byJob) void jobs.start(userIds, { includeAdmins, reason: reason.given });
            else void run(userIds);
          }}
          onCancel={onClose}
        >
          <SpaceBetween size="m">
            <Warnings rows={rows} includeAdmins={includeAdmins} self={user.id} />
            {byJob && <JobNote />}
            <LogOutPreview userIds={rows.map(({ userId }) => userId)} includeAdmins={includeAdmins} />
            <ReasonField reason={reason} />
          </SpaceBetween>
        </Confirm>
      );
    case "running":
      return (
        <Modal
          visible
          header={title}
          closeAriaLabel={logout.stop}
          onDismiss={() => stopping.current.abort()}
          footer={
            <Box float="right">
              <Button onClick={() => stopping.current.abort()}>{logout.stop}</Button>
            </Box>
          }
        >
          <ProgressBar
            label={logout.progress}
            value={(100 * phase.done) / phase.total}
            additionalInfo={logout.progressOf(phase.done, phase.total)}
          />
        </Modal>
      );
    case "done":
      return (
        <Modal
          visible
          header={title}
          closeAriaLabel={texts.close}
          onDismiss={onClose}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                {phase.report.notDone.length > 0 && (
                  <Button onClick={() => void run(phase.report.notDone, phase.report)}>
                    {logout.again(phase.report.notDone.length)}
                  </Button>
                )}
                <Button variant="primary" onClick={onClose}>
                  {texts.close}
                </Button>
              </SpaceBetween>
            </Box>
          }
        >
          <LogOutResult report={phase.report} />
        </Modal>
      );
  }
}

interface WarningsProps extends Pick<LogOutDialogProps, "rows" | "includeAdmins"> {
  readonly self: string;
}

function Warnings({ rows, includeAdmins, self }: WarningsProps): ReactNode {
  const { logout } = useTexts();
  const administrators = rows.filter(({ isAdmin }) => isAdmin).length;
  const affected = includeAdmins ? rows : rows.filter(({ isAdmin }) => !isAdmin);
  return (
    <SpaceBetween size="s">
      <Box variant="strong">{logout.confirm(affected.length, sessionCountOf(affected))}</Box>
      {administrators > 0 && (
        <Box>{includeAdmins ? logout.includes(administrators) : logout.skips(administrators)}</Box>
      )}
      <Box color="text-body-secondary">{logout.atLeast}</Box>
      {affected.some(({ userId }) => userId === self) && <Alert type="warning">{logout.yourself}</Alert>}
    </SpaceBetween>
  );
}
