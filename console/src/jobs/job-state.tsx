import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { isLost } from "./use-jobs.ts";

const TYPES: Readonly<Record<JobView["state"], StatusIndicatorProps.Type>> = {
  filling: "pending",
  running: "in-progress",
  finished: "success",
  unfinished: "warning",
};

/** The state of a job, in a word or two. */
export function JobState({ job }: { readonly job: JobView }): ReactNode {
  const { jobs } = useTexts();
  const isToBeResumed = isLost(job, Date.now());
  return (
    <StatusIndicator type={isToBeResumed ? "warning" : TYPES[job.state]}>
      {isToBeResumed ? jobs.stalled : jobs.states[job.state]}
      {job.dryRun && ` (${jobs.dryRun})`}
    </StatusIndicator>
  );
}
