import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { cutList } from "../../src/jobs/cut-list.ts";
import { HIGHEST_RATE, USERS_IN_A_STEP, type Job } from "../../src/jobs/job.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import type { UserOutcome } from "../../src/jobs/outcomes.ts";
import { cheapHash } from "../../test/support/cheap-hash.ts";
import { Draws } from "../../test/support/seeded.ts";
import { seedSessions } from "../../test/support/seed-sessions.ts";
import { SETTINGS } from "../../test/support/store.ts";

/** The tables of a stack. */
export interface ListTables {
  readonly sessions: string;
  readonly users: string;
}

export interface ListOptions {
  readonly users: number;
  /** Of all users: those who have sessions, one to three each. */
  readonly share: number;
  readonly seed: string;
}

/** A list of users, and what must come of each. */
export interface TestList {
  readonly userIds: readonly string[];
  readonly expected: (index: number) => UserOutcome;
  /** The users with sessions who are not in the list. */
  readonly bystanders: readonly string[];
}

/** Longer than any run: a session that expires while it waits for its turn is none to log out. */
const LASTING = { ...SETTINGS, timeouts: { idle: "none", absolute: 24 * 60 * 60_000 } } as const;

const ADMINISTRATORS = 7;
const BYSTANDERS = 50;
const MOST_SESSIONS = 3;
const SEEDED_AT_ONCE = 2000;

/** Makes users, their sessions, and administrators among them. */
export async function makeList(
  documents: DocumentClient,
  tables: ListTables,
  { users, share, seed }: ListOptions,
): Promise<TestList> {
  const draws = new Draws(seed, "list");
  const idOf = (index: number): string => `person-${String(index).padStart(7, "0")}@example.com`;
  const userIds = Array.from({ length: users }, (_, index) => idOf(index));
  const counts = Uint8Array.from(userIds, () =>
    draws.chance(share) ? 1 + Math.floor(draws.next() * MOST_SESSIONS) : 0,
  );
  const administrators = new Set(
    Array.from({ length: ADMINISTRATORS }, () => Math.floor(draws.next() * users)),
  );
  const directory = createUserDirectory({ documents, tableName: tables.users, clock: Date.now });
  for (const index of administrators) {
    const permissions: string[] = [];
    await directory.add({ userName: idOf(index), passwordHash: cheapHash("x"), isAdmin: true, permissions });
  }
  const bystanders = Array.from({ length: BYSTANDERS }, (_, index) => `bystander-${index}`);
  const owners = [
    ...userIds.flatMap((userId, index) => {
      const sessions = counts[index] ?? 0;
      return sessions === 0 ? [] : [{ userId, sessions }];
    }),
    ...bystanders.map((userId) => ({ userId, sessions: 1 })),
  ];
  for (let start = 0; start < owners.length; start += SEEDED_AT_ONCE) {
    await seedSessions(documents, tables.sessions, LASTING, owners.slice(start, start + SEEDED_AT_ONCE));
  }
  return {
    userIds,
    bystanders,
    expected(index) {
      if (administrators.has(index)) return { outcome: "skipped" };
      const sessionCount = counts[index] ?? 0;
      return sessionCount === 0 ? { outcome: "unknown" } : { outcome: "logged-out", sessionCount };
    },
  };
}

/** A job with the list, ready to run as fast as it goes. */
export async function makeJob(jobs: JobStore, { userIds }: TestList): Promise<Job> {
  const made = await jobs.create({
    ...{ actor: "prove-jobs", includeAdmins: false, dryRun: false, rate: HIGHEST_RATE },
    reason: "proof",
  });
  let steps = 0;
  for await (const some of cutList(userIds)) await jobs.writeStep(made, steps++, some);
  const job = await jobs.start(made.id, { users: userIds.length, steps });
  if (job === undefined) throw new Error("the job is not there");
  if (steps !== Math.ceil(userIds.length / USERS_IN_A_STEP)) throw new Error(`${steps} steps`);
  return job;
}
