import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { LOST_AFTER_MS } from "../../../src/api/parts/job-limits.ts";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import { useSignedIn } from "../../../client/react/index.ts";
import { valueOf } from "../api/call.ts";
import { getJob, listJobs, resumeJob } from "../api/job-calls.ts";

/** A job moves on every second or two: a step of 1,000 users at the usual rate. */
const RUNNING_MS = 2000;
const LIST_MS = 5000;
/** Somebody else may begin one. */
const QUIET_MS = 15_000;

/** Whether its run seems to be lost: it is to go on, and nothing has happened to it for long. */
export const isLost = ({ state, updatedAt }: Pick<JobView, "state" | "updatedAt">, now: number): boolean =>
  state === "running" && now - Date.parse(updatedAt) > LOST_AFTER_MS;

/** Whether somebody has to start it again. */
export const isToResume = (job: JobView, now: number): boolean =>
  job.state === "unfinished" || isLost(job, now);

const listKey = (userId: string) => ["jobs", userId] as const;
const jobKey = (userId: string, id: string) => ["jobs", userId, id] as const;

/** One job, asked for again while it runs. */
export function useJob(id: string) {
  const { user } = useSignedIn();
  return useQuery({
    queryKey: jobKey(user.id, id),
    queryFn: async () => valueOf(await getJob(id)),
    refetchInterval: ({ state: { data } }) => (data?.state === "running" ? RUNNING_MS : false),
  });
}

/** The jobs of the last 14 days, asked for again more often while one runs. */
export function useJobs({ isWanted = true }: { readonly isWanted?: boolean } = {}) {
  const { user } = useSignedIn();
  return useQuery({
    queryKey: listKey(user.id),
    queryFn: async () => valueOf(await listJobs()).jobs,
    enabled: isWanted,
    refetchInterval: ({ state: { data = [] } }) =>
      data.some(({ state }) => state === "running") ? LIST_MS : QUIET_MS,
  });
}

/** Starts a job again. */
export function useResumeJob(id: string) {
  const { user } = useSignedIn();
  const queries: QueryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => valueOf(await resumeJob(id)),
    onSuccess: (job) => queries.setQueryData(jobKey(user.id, id), job),
  });
}
