import { useState } from "react";
import { useSession, useSignedIn } from "../../../client/react/index.ts";
import { ApiError } from "../api/call.ts";
import { failureText } from "../api/failure-text.ts";
import { startJob, type StartJobOptions } from "../api/job-calls.ts";
import { isNotSignedIn } from "../api/not-signed-in.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { jobHref, JOBS_HREF } from "./job-path.ts";
import { startJobs } from "./start-jobs.ts";

/** Starts jobs of a list, and leads to where their progress is shown. */
export interface JobStarter {
  readonly isBusy: boolean;
  /** Why nothing has begun. */
  readonly failure: string | undefined;
  readonly start: (userIds: readonly string[], options: StartJobOptions) => Promise<void>;
}

export function useStartJobs(): JobStarter {
  const texts = useTexts();
  const { check } = useSession();
  const { user } = useSignedIn();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function start(userIds: readonly string[], options: StartJobOptions): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    const started = await startJobs(userIds, user.id, (some) => startJob(some, options));
    setBusy(false);
    const [first, second] = started.jobs;
    if (started.failure !== undefined) {
      if (isNotSignedIn(new ApiError(started.failure))) check();
      const why = failureText(started.failure, texts);
      setFailure(first === undefined ? why : `${texts.jobs.someBegun(started.jobs.length)} ${why}`);
    } else if (first !== undefined) location.hash = second === undefined ? jobHref(first.id) : JOBS_HREF;
  }

  return { isBusy, failure, start };
}
