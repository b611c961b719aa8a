import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import { errorText } from "../api/failure-text.ts";
import { jobHref } from "../jobs/job-path.ts";
import { JobState } from "../jobs/job-state.tsx";
import { useJobs } from "../jobs/use-jobs.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Updated } from "../shell/updated.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";

/** The long lists of the last 14 days, also those that the command began. */
export default function Jobs(): ReactNode {
  const texts = useTexts();
  const { jobs } = texts;
  usePageTitle(jobs.title);
  const isWide = useMedia(WIDE);
  const query = useJobs();
  const restart = (): void => void query.refetch();
  return (
    <SpaceBetween size="l">
      {query.error && <Failure text={errorText(query.error, texts)} onRetry={restart} />}
      <Table
        items={query.data ?? []}
        trackBy="id"
        columnDefinitions={columns(texts, isWide)}
        wrapLines
        variant="container"
        loading={query.isPending && !query.isPaused}
        loadingText={texts.loading}
        ariaLabels={{ tableLabel: jobs.title }}
        empty={<Box textAlign="center">{query.data === undefined ? "" : jobs.empty}</Box>}
        header={
          <Header
            variant="h1"
            description={jobs.text}
            actions={<Updated at={query.dataUpdatedAt} isBusy={query.isFetching} onRefresh={restart} />}
          >
            {jobs.title}
          </Header>
        }
      />
    </SpaceBetween>
  );
}

type Column = TableProps.ColumnDefinition<JobView>;

/** Where there is little room, two columns that say it all. */
function columns({ jobs, logout, reason }: Texts, isWide: boolean): Column[] {
  const list: Column = {
    id: "list",
    header: jobs.list,
    isRowHeader: true,
    cell: (job) => (
      <>
        <Link href={jobHref(job.id)}>{logout.progressOf(job.usersDone, job.users)}</Link>
        {!isWide && (
          <Box>
            <JobState job={job} />
          </Box>
        )}
      </>
    ),
  };
  const begun: Column = {
    id: "begun",
    header: jobs.begun,
    cell: ({ createdAt }) => <TimeAgo at={createdAt} />,
  };
  if (!isWide) return [list, begun];
  return [
    list,
    { id: "state", header: jobs.state, cell: (job) => <JobState job={job} /> },
    {
      id: "outcome",
      header: jobs.loggedOut,
      cell: ({ loggedOut, sessionCount }) => jobs.outcome(loggedOut, sessionCount),
    },
    begun,
    { id: "by", header: jobs.by, cell: ({ actor }) => actor },
    { id: "reason", header: reason.label, cell: (job) => job.reason ?? "" },
  ];
}
