/** A list of users to log out, of any length: a job. Times are epoch milliseconds. */

/** Users of one step: what one call of the administrators' logout takes, too. */
export const USERS_IN_A_STEP = 1000;
/** How long a job and its list are kept after it was made. */
export const JOB_KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Users a second, unless the job says otherwise: a new on-demand table takes 4,000 writes a second at once,
 * and logins want theirs.
 */
export const DEFAULT_RATE = 500;
export const LOWEST_RATE = 10;
/** One after another, steps go no faster than this. */
export const HIGHEST_RATE = 10_000;

/**
 * A job to which nothing has happened for so long has lost its run: a step tries again after five minutes at
 * the most, and takes as long as its rate says.
 */
export const LOST_AFTER_MS = 15 * 60_000;

/** Jobs that the API lists at most; the command's `--limit` goes further. */
export const LONGEST_LISTED = 100;

/**
 * * `filling`: its list is being written; nothing was begun.
 * * `running`: it goes on by itself.
 * * `finished`: every user of the list is done.
 * * `unfinished`: it ended, and users are left whom the database did not let it log out. It can be resumed.
 */
export const JOB_STATES = ["filling", "running", "finished", "unfinished"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What is asked of a job. */
export interface JobRequest {
  /** On whose account: it is in the endings and the audit lines. */
  readonly actor: string;
  readonly includeAdmins: boolean;
  /** Counts who would be logged out, and changes nothing. */
  readonly dryRun: boolean;
  /** Users a second at most. */
  readonly rate: number;
  /** Why, for administrators only. */
  readonly reason?: string;
}

/** How many users met which fate. `users - usersDone` are still to come, or unfinished. */
export interface JobCounts {
  readonly stepsDone: number;
  readonly usersDone: number;
  /** Users who had live sessions, and have none of those any more. */
  readonly loggedOut: number;
  /** Their sessions. */
  readonly sessionCount: number;
  /** Administrators, where they are left alone. */
  readonly skipped: number;
  /** Users without a live session. Whether such a user exists is not known to every identity source. */
  readonly unknown: number;
}

export interface Job extends JobRequest, JobCounts {
  readonly id: string;
  readonly state: JobState;
  /** Users and steps of the list; 0 while it is filling. */
  readonly users: number;
  readonly steps: number;
  /** How often it was started: once, and once for each resume. */
  readonly runs: number;
  readonly createdAt: number;
  /** When something last happened to it. */
  readonly updatedAt: number;
  readonly endedAt?: number;
}

export const NO_COUNTS: JobCounts = {
  stepsDone: 0,
  usersDone: 0,
  loggedOut: 0,
  sessionCount: 0,
  skipped: 0,
  unknown: 0,
};

const JOB_ID = /^\d{8}T\d{6}-[0-9a-f]{12}$/;

/** Whether a text is a job's id: `20261130T071500-3f9a2c1b77d0`. */
export const isJobId = (text: string): boolean => JOB_ID.test(text);

/** An id for a new job. Ids sort by the time of their making. */
export function newJobId(now: number, random: (bytes: number) => Uint8Array): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}-${Buffer.from(random(6)).toString("hex")}`;
}
