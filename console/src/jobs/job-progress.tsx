import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { TimeAgo } from "../time/time-ago.tsx";
import { JobState } from "./job-state.tsx";
import { isLost, isToResume, useResumeJob } from "./use-jobs.ts";

/** How far a job is, what came of it, and going on with one that has stopped. */
export function JobProgress({ job }: { readonly job: JobView }): ReactNode {
  const texts = useTexts();
  const { jobs } = texts;
  const isStopped = isToResume(job, Date.now());
  const resume = useResumeJob(job.id);
  return (
    <SpaceBetween size="l">
      {resume.error && <Failure text={errorText(resume.error, texts)} />}
      <div role="status">
        {isStopped && (
          <Alert
            type="warning"
            header={isLost(job, Date.now()) ? jobs.lost : jobs.left(job.unfinished)}
            action={
              <Button loading={resume.isPending} onClick={() => resume.mutate()}>
                {jobs.resume}
              </Button>
            }
          >
            {isLost(job, Date.now()) ? jobs.lostText : jobs.leftText}
          </Alert>
        )}
        {job.state === "running" && !isStopped && <Alert type="info">{jobs.goesOn}</Alert>}
        {job.state === "filling" && <Alert type="info">{jobs.fillingText}</Alert>}
      </div>
      {job.users > 0 && (
        <ProgressBar
          label={job.dryRun ? jobs.looking : texts.logout.progress}
          value={(100 * job.usersDone) / job.users}
          additionalInfo={texts.logout.progressOf(job.usersDone, job.users)}
        />
      )}
      <KeyValuePairs
        columns={4}
        items={[
          { label: jobs.state, value: <JobState job={job} /> },
          {
            label: job.dryRun ? jobs.wouldLogOut : jobs.loggedOut,
            value: jobs.outcome(job.loggedOut, job.sessionCount),
          },
          { label: jobs.skipped, value: jobs.number(job.skipped) },
          { label: jobs.unknown, value: jobs.number(job.unknown) },
          { label: jobs.unfinished, value: jobs.number(job.unfinished) },
          { label: jobs.begun, value: <TimeAgo at={job.createdAt} /> },
          { label: jobs.by, value: job.actor },
          ...(job.reason === undefined ? [] : [{ label: texts.reason.label, value: job.reason }]),
        ]}
      />
    </SpaceBetween>
  );
}
