import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { ApiError } from "../api/call.ts";
import { errorText } from "../api/failure-text.ts";
import { JOBS_HREF } from "../jobs/job-path.ts";
import { JobProgress } from "../jobs/job-progress.tsx";
import { useJob } from "../jobs/use-jobs.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { Updated } from "../shell/updated.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";

/** One list of users that is being logged out, or was. */
export default function JobPage({ jobId }: { readonly jobId: string }): ReactNode {
  const texts = useTexts();
  const { jobs } = texts;
  usePageTitle(jobs.title);
  const query = useJob(jobId);
  const { data: job, error } = query;
  return (
    <SpaceBetween size="l">
      <Link href={JOBS_HREF}>{jobs.all}</Link>
      {error && (
        <Failure
          text={isNotFound(error) ? jobs.notFound : errorText(error, texts)}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isPaused && <Loading />}
      {job && (
        <Container
          header={
            <Header
              variant="h1"
              description={job.id}
              actions={
                <Updated
                  at={query.dataUpdatedAt}
                  isBusy={query.isFetching}
                  onRefresh={() => void query.refetch()}
                />
              }
            >
              {jobs.heading(job.users, job.dryRun)}
            </Header>
          }
        >
          <JobProgress job={job} />
        </Container>
      )}
    </SpaceBetween>
  );
}

const isNotFound = (error: Error): boolean =>
  error instanceof ApiError &&
  error.failure.outcome === "refused" &&
  error.failure.problem.code === "not_found";
