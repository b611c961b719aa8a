import type { SessionPolicy } from "../sessions/policy.ts";

/**
 * What one `SingleSession` construct tells the operators' commands, as JSON in one output of its stack. The
 * commands find it by its shape, so that it works for any construct id, several constructs in a stack, and
 * nested stacks.
 */
export interface StackOutput {
  /** Marks the output as ours, and is the version of this shape. */
  readonly singleSession: typeof STACK_OUTPUT_VERSION;
  /** The construct's path below its outermost stack: `Sessions`, `Backend/Sessions`. */
  readonly construct: string;
  readonly era: string;
  readonly sessionsTable: string;
  /** Only where the password directory is on. */
  readonly usersTable?: string;
  /** Only where the password directory or an OIDC source is on. */
  readonly signInTable?: string;
  /** Only where activity is on. */
  readonly activityTable?: string;
  readonly loginFunction: string;
  readonly authorizeFunction: string;
  readonly adminLogoutFunction: string;
  /** Absent in stacks that were deployed before operators could end one session. */
  readonly endSessionFunction?: string;
  /** Where lists of users to log out are, and the durable function that does it; only where jobs are on. */
  readonly jobsTable?: string;
  readonly runJobFunction?: string;
  /** The URL of the queue of untold events, and the bus's name or ARN; only where the outbox is on. */
  readonly untoldEvents?: string;
  readonly eventBus?: string;
  /** Where the API with the routes answers; only where its stack can tell without needing another. */
  readonly apiUrl?: string;
  /** `function`: a policy function decides for each user. */
  readonly policy: SessionPolicy | "function";
}

export const STACK_OUTPUT_VERSION = 1;
