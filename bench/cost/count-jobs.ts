import { randomBytes } from "node:crypto";
import { range } from "d3-array";
import { logOutUsers } from "../../functions/log-out-users.ts";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDynamoDbClient } from "../../src/dynamodb/sdk-client.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { carryOutStep } from "../../src/jobs/carry-out.ts";
import { createJobStore } from "../../src/jobs/create-job-store.ts";
import { DEFAULT_RATE, USERS_IN_A_STEP } from "../../src/jobs/job.ts";
import { createTelemetry } from "../../src/runtime/telemetry.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { LOCAL, localClient } from "../../test/support/local-client.ts";
import { createTables, type AllTables } from "../../test/support/tables.ts";
import { requestsByKind, startCountingProxy, totalUnits } from "../support/counting-proxy.ts";
import { seededUser, SETTINGS, writeItems } from "../support/seed.ts";
import type { Counts } from "./counts.ts";

const userIdsOf = (who: string): string[] =>
  range(USERS_IN_A_STEP).map((number) => `${who}-${String(number).padStart(4, "0")}@example.com`);

/** The proxy reads each item before and after a write: a batch takes its time, and no try is to be lost. */
const PATIENT = { tries: 1, connectionTimeout: 60_000, requestTimeout: 600_000 };
const clientAt = (endpoint: string) => createDynamoDbClient({ ...LOCAL, ...PATIENT, endpoint });
const NOW = Date.UTC(2030, 0, 1);
const clock = (): number => NOW;

/** Counts what one step of a job costs, its list included, by how many of its users have a session. */
export async function countJobs(databaseEndpoint: string): Promise<Counts["jobs"]> {
  const client = localClient(databaseEndpoint);
  const tables = await createTables(client);
  client.destroy();
  const shapes = (table: string) => (table === tables.sessions ? INDEXES : []);
  const proxy = await startCountingProxy(databaseEndpoint, shapes, ["pk", "sk"]);
  // The users are not put through the proxy, which would read each item.
  const [documents, direct] = [clientAt(proxy.endpoint), clientAt(databaseEndpoint)];
  const step = async (userIds: readonly string[]) => {
    const { requests } = await proxy.during(() => oneStep(documents, tables, userIds));
    return { requests: requestsByKind(requests), units: totalUnits(requests) };
  };
  try {
    const nobody = await step(userIdsOf("nobody"));
    const people = userIdsOf("person");
    const items = people.flatMap((userId) => seededUser(SETTINGS, userId, NOW).items);
    await writeItems({ documents: direct, tableName: tables.sessions }, items);
    return { "nobody signed in": nobody, "each with a session": await step(people) };
  } finally {
    documents.destroy();
    direct.destroy();
    await proxy.stop();
  }
}

/** The making and the end of the job are a few units more, whatever its length. */
async function oneStep(
  documents: DocumentClient,
  tables: AllTables,
  userIds: readonly string[],
): Promise<void> {
  const store = createSessionStore({ documents, tableName: tables.sessions, settings: SETTINGS, clock });
  const directory = createUserDirectory({ documents, tableName: tables.users, clock });
  const place = { documents, tableName: tables.jobs, clock, random: randomBytes };
  const jobs = createJobStore({ ...place, ...REAL_WAITING });
  const record = createTelemetry(clock, {
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    makeMetrics: () => ({ addMetric: () => undefined, publishStoredMetrics: () => undefined }) as never,
  }).begin();
  const call = { record, requestId: "bench" };
  const request = { actor: "bench", includeAdmins: false };
  const job = await jobs.create({ ...request, dryRun: false, rate: DEFAULT_RATE });
  await jobs.writeStep(job, 0, userIds);
  await carryOutStep(job, 0, {
    jobs,
    logOut: (asked) => logOutUsers({ ...asked, ...request }, 600_000, call, { store, directory, clock }),
  });
}
