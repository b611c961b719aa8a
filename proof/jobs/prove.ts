import { setTimeout as sleep } from "node:timers/promises";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { LocalStack } from "../../local/stack.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { countOutcomes, outcomesOf, readOutcome } from "../../src/jobs/outcomes.ts";
import { BY_USER_INDEX } from "../../src/sessions/table.ts";
import { Draws } from "../../test/support/seeded.ts";
import { JOB_FUNCTION, jobsOf, runJob } from "../../test/support/run-job.ts";
import { makeJob, makeList, type ListOptions, type ListTables, type TestList } from "./list.ts";

export interface ProofOptions extends ListOptions {
  /** How often the function is killed while it works. */
  readonly kills: number;
  readonly onProgress?: (job: Job, kills: number) => void;
}

export interface ProofReport {
  readonly job: Job;
  readonly kills: number;
  /** Runs of the job: the first, and those that were started beside it. */
  readonly runs: number;
  readonly invocations: number;
  /** Those that a kill ended in the middle of their work. */
  readonly killed: number;
  readonly seconds: number;
  /** What is not as it must be; empty, or the proof has failed. */
  readonly wrong: readonly string[];
}

/**
 * Logs out a list on a local stack, whose function is killed at random moments of random steps; for every
 * fourth kill another run of the job is started beside the one that is killed. Then looks at each user of
 * the list, at the counts, and at those who were not in it.
 */
export async function proveJobs(
  stack: LocalStack,
  documents: DocumentClient,
  options: ProofOptions,
): Promise<ProofReport> {
  const tables = tablesOf(stack);
  const list = await makeList(documents, tables, options);
  const jobs = jobsOf(documents, stack);
  const job = await makeJob(jobs, list);
  const startedAt = performance.now();
  const { ended, kills } = await killAndWait(stack, jobs, job, options);
  const invocations = stack.invocations.filter(({ functionName }) => functionName === JOB_FUNCTION);
  return {
    ...{ job: ended, kills, runs: ended.runs, invocations: invocations.length },
    killed: invocations.filter(({ outcome }) => outcome === "fault").length,
    seconds: (performance.now() - startedAt) / 1000,
    wrong: [
      ...wrongCounts(list, ended),
      ...(await wrongOutcomes(jobs, ended, list)),
      ...(await wrongSessions(documents, tables, list, options)),
    ],
  };
}

const EVERY_MS = 25;
/** About as long as a step takes here. */
const STEP_MS = 250;
const ANOTHER_RUN_EVERY = 4;

async function killAndWait(
  stack: LocalStack,
  jobs: JobStore,
  job: Job,
  { kills: wanted, seed, onProgress }: ProofOptions,
): Promise<{ readonly ended: Job; readonly kills: number }> {
  const draws = new Draws(seed, "kills");
  const at = Array.from({ length: wanted }, (_, kill) => ((kill + draws.next()) / wanted) * job.steps);
  await runJob(stack, job);
  let [kills, killedAt] = [0, -1];
  for (;;) {
    await sleep(EVERY_MS);
    const now = await jobs.get(job.id);
    if (now === undefined) throw new Error("the job is gone");
    onProgress?.(now, kills);
    const due = at[kills];
    if (due !== undefined && now.stepsDone >= Math.floor(due) && now.stepsDone > killedAt) {
      // Anywhere in the step that has just begun.
      await sleep(draws.next() * STEP_MS);
      await stack.crash(JOB_FUNCTION);
      kills += 1;
      killedAt = now.stepsDone;
      if (kills % ANOTHER_RUN_EVERY === 0) {
        const again = await jobs.start(job.id);
        if (again) await runJob(stack, again);
      }
    } else if (now.state !== "running") return { ended: now, kills };
  }
}

function tablesOf({ tables }: LocalStack): ListTables {
  const named = (part: string): string => {
    const [, name] = Object.entries(tables).find(([id]) => id.startsWith(`Sessions${part}table`)) ?? [];
    if (name === undefined) throw new Error(`there is no table ${part}`);
    return name;
  };
  return { sessions: named("sessions"), users: named("users") };
}

/** The sum of what must come of each user, against what the job says. */
function wrongCounts({ userIds, expected }: TestList, job: Job): string[] {
  const all = userIds.map((userId, index) => ({ userId, ...expected(index) }));
  const wanted = countOutcomes(
    outcomesOf(userIds, {
      loggedOut: all.flatMap((one) => ("sessionCount" in one ? [one] : [])),
      skipped: all.filter(({ outcome }) => outcome === "skipped"),
    }),
  );
  const counted = { ...wanted, stepsDone: job.steps };
  return Object.entries(counted).flatMap(([name, count]) => {
    const found = job[name as keyof typeof counted];
    return found === count ? [] : [`the job's ${name} is ${found}, and should be ${count}`];
  });
}

async function wrongOutcomes(jobs: JobStore, job: Job, { expected }: TestList): Promise<string[]> {
  const wrong: string[] = [];
  let index = 0;
  for (let step = 0; step < job.steps; step++) {
    const { userIds, done } = await jobs.readStep(job.id, step);
    for (const [place, userId] of userIds.entries()) {
      const [found, wanted] = [done && readOutcome(done[place] ?? 0), expected(index)];
      if (JSON.stringify(found) !== JSON.stringify(wanted))
        wrong.push(`${userId}: ${JSON.stringify(found)}, and should be ${JSON.stringify(wanted)}`);
      index += 1;
    }
  }
  return wrong;
}

/** Whose sessions are there that should not be, or the other way round. */
async function wrongSessions(
  documents: DocumentClient,
  tables: ListTables,
  { userIds, expected, bystanders }: TestList,
  { share }: ListOptions,
): Promise<string[]> {
  const wrong: string[] = [];
  const check = async (userId: string, isKept: boolean): Promise<void> => {
    const { Count = 0 } = await documents.send(
      new QueryCommand({
        TableName: tables.sessions,
        IndexName: BY_USER_INDEX.name,
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": BY_USER_INDEX.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
        Select: "COUNT",
      }),
    );
    if (isKept !== Count > 0) wrong.push(`${userId} has ${Count} sessions`);
  };
  for (const userId of bystanders) await check(userId, true);
  if (share > 0) {
    for (const [index, userId] of userIds.entries()) {
      if (expected(index).outcome === "logged-out") await check(userId, false);
    }
  }
  return wrong;
}
