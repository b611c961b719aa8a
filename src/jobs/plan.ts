import { USERS_IN_A_STEP, type Job } from "./job.ts";

/**
 * How the durable execution of a job is divided. Lambda keeps at most 3,000 operations of an execution, so
 * that a long list has several steps of the job in one of the execution; and an invocation ends after 15
 * minutes, so that it is left by a wait before.
 */
export interface Plan {
  /** The steps of the job by their numbers: each list is carried out in one step of the execution. */
  readonly parts: readonly (readonly [first: number, end: number])[];
  /** After so many parts the execution waits a second, and goes on in a fresh invocation. */
  readonly partsInAnInvocation: number;
}

const MOST_PARTS = 1000;
/** Seconds of work in one invocation: a third of what Lambda gives, for a day when the database is slow. */
const INVOCATION_SECONDS = 300;
/** A part must fit into an invocation. */
export const LONGEST_PART_SECONDS = 2 * INVOCATION_SECONDS;

/** Seconds that so many users take at the least. */
export const secondsFor = (users: number, { rate }: Pick<Job, "rate">): number => users / rate;

const stepsInAPart = (steps: number): number => Math.max(1, Math.ceil(steps / MOST_PARTS));

/** Seconds that a part of the execution takes at the least. */
export const partSeconds = (job: Pick<Job, "steps" | "rate">): number =>
  secondsFor(stepsInAPart(job.steps) * USERS_IN_A_STEP, job);

/** The plan of a job: of its size and rate alone, since each replay must make the same. */
export function planOf(job: Pick<Job, "steps" | "rate">): Plan {
  const size = stepsInAPart(job.steps);
  const parts = Array.from({ length: Math.ceil(job.steps / size) }, (_, index) => {
    const first = index * size;
    return [first, Math.min(first + size, job.steps)] as const;
  });
  return {
    parts,
    partsInAnInvocation: Math.max(1, Math.floor(INVOCATION_SECONDS / partSeconds(job))),
  };
}
