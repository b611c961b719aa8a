import type { BackoffDependencies } from "../dynamodb/backoff.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import type { Job, JobRequest } from "./job.ts";
import type { Outcomes } from "./outcomes.ts";

export interface JobStoreDependencies extends BackoffDependencies {
  readonly documents: DocumentClient;
  /** The jobs table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

/** One step of a job: whose turn it is, and what is known of them. */
export interface JobStep {
  readonly userIds: readonly string[];
  /** What was seen before the step was first begun. */
  readonly seen?: Outcomes;
  /** What came of it, once it is done. */
  readonly done?: Outcomes;
}

/**
 * Jobs, their lists and results. Every method throws {@link StoreUnavailableError} where DynamoDB did not
 * answer; each may then be called again, and has its effect once.
 */
export interface JobStore {
  /** Makes a job whose list is still to be written. */
  create(request: JobRequest): Promise<Job>;
  /** Writes the users of a step; again, if it must be. */
  writeStep(job: Pick<Job, "id" | "createdAt">, step: number, userIds: readonly string[]): Promise<void>;
  /**
   * Sets a job going, or going again: the state is `running` and one more run is counted.
   * @param size what the list has, when it was just filled.
   * @returns `undefined` where there is no such job, or its list was not filled.
   */
  start(jobId: string, size?: Pick<Job, "users" | "steps">): Promise<Job | undefined>;
  get(jobId: string): Promise<Job | undefined>;
  /** The newest first. */
  list(limit: number): Promise<readonly Job[]>;
  /** @throws Error where the step has no users: the list is not whole. */
  readStep(jobId: string, step: number): Promise<JobStep>;
  /** Keeps what was seen before a step is begun, unless an earlier attempt did. @returns what is kept. */
  keepSeen(job: Pick<Job, "id" | "createdAt">, step: number, seen: Outcomes): Promise<Outcomes>;
  /** Writes what came of a step, and adds it to the job's counts, in one transaction and once. */
  finishStep(jobId: string, step: number, outcomes: Outcomes): Promise<void>;
  /** The job goes on no more by itself. */
  end(jobId: string): Promise<Job | undefined>;
}
