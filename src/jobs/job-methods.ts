import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { reading } from "../dynamodb/faults.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import { fromJobItem, toJobItem } from "./job-item.ts";
import { updateOf, written } from "./job-writes.ts";
import { JOB_KEPT_MS, newJobId, NO_COUNTS, type Job, type JobRequest, type JobState } from "./job.ts";
import { jobKey, JOBS_PARTITION } from "./jobs-table.ts";
import type { JobStore, JobStoreDependencies } from "./store.ts";

type JobMethods = Pick<JobStore, "create" | "start" | "get" | "list" | "end">;

/** What of the store of jobs is about whole jobs. */
export function jobMethods(dependencies: JobStoreDependencies): JobMethods {
  const { documents, tableName, clock } = dependencies;
  const get = async (jobId: string): Promise<Job | undefined> => {
    const input = { TableName: tableName, Key: jobKey(jobId), ConsistentRead: true };
    const { Item } = await reading(() => documents.send(new GetCommand(input)));
    return Item && fromJobItem(Item);
  };
  return {
    create: (request) => create(dependencies, request),

    start: (jobId, size) => {
      const set = { state: "running" satisfies JobState, updatedAt: clock(), ...size };
      return update(dependencies, jobId, { filled: size === undefined, set, add: { runs: 1 } });
    },

    get,

    async list(limit) {
      const input = {
        TableName: tableName,
        KeyConditionExpression: "pk = :jobs",
        ExpressionAttributeValues: { ":jobs": JOBS_PARTITION },
        ScanIndexForward: false,
        Limit: limit,
      };
      const { Items = [] } = await reading(() => documents.send(new QueryCommand(input)));
      return Items.map(fromJobItem);
    },

    async end(jobId) {
      const now = clock();
      const job = await get(jobId);
      if (job === undefined) return undefined;
      const state: JobState = job.stepsDone === job.steps ? "finished" : "unfinished";
      return update(dependencies, jobId, { filled: true, set: { state, endedAt: now, updatedAt: now } });
    },
  };
}

async function create(dependencies: JobStoreDependencies, request: JobRequest): Promise<Job> {
  const { documents, tableName, clock, random } = dependencies;
  const now = clock();
  const job: Job = {
    ...request,
    ...NO_COUNTS,
    id: newJobId(now, random),
    state: "filling",
    ...{ users: 0, steps: 0, runs: 0, createdAt: now, updatedAt: now },
  };
  const Item = { ...toJobItem(job), ttl: ttlOf(now + JOB_KEPT_MS) };
  await written(dependencies, () => documents.send(new PutCommand({ TableName: tableName, Item })));
  return job;
}

interface Change {
  /** Whether only a job is meant whose list is whole. */
  readonly filled: boolean;
  readonly set: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
}

/** @returns the job after it, or `undefined` where there is no such job. */
async function update(
  dependencies: JobStoreDependencies,
  jobId: string,
  { filled, set, add = {} }: Change,
): Promise<Job | undefined> {
  const { documents, tableName } = dependencies;
  const { ExpressionAttributeValues: values, ...expression } = updateOf(set, add);
  const input = {
    ...{ TableName: tableName, Key: jobKey(jobId), ...expression, ReturnValues: "ALL_NEW" as const },
    ExpressionAttributeValues: { ...values, ...(filled && { ":none": 0 }) },
    ConditionExpression: filled ? "steps > :none" : "attribute_exists(pk)",
  };
  const answer = await written(dependencies, () => documents.send(new UpdateCommand(input)));
  return answer.result === "written" ? fromJobItem(answer.output.Attributes ?? {}) : undefined;
}
