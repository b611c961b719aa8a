import { randomBytes } from "node:crypto";
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
import { SessionToken } from "../../src/sessions/token.ts";
import { requestsByKind, startCountingProxy, totalUnits } from "../support/counting-proxy.ts";
import { LOCAL, localClient } from "../../test/support/local-client.ts";
import { createTables, type AllTables } from "../../test/support/tables.ts";
import { benchUser, itemsWith, newSession, SETTINGS, writeItems } from "../support/seed.ts";
import type { Counts, JobKind } from "./counts.ts";

const userIdOf = (kind: JobKind, number: number): string =>
  `${kind.startsWith("nobody") ? "nobody" : "person"}-${String(number).padStart(4, "0")}@example.com`;

/** The proxy reads each item before and after a write: a batch takes its time, and no try is to be lost. */
const PATIENT = { tries: 1, connectionTimeout: 60_000, requestTimeout: 600_000 };
const NOW = Date.UTC(2030, 0, 1);
const clock = (): number => NOW;

/** Counts what one step of a job costs, its list included, by how many of its users have a session. */
export async function countJobs(databaseEndpoint: string): Promise<Counts["jobs"]> {
  const client = localClient(databaseEndpoint);
  const tables = await createTables(client);
  client.destroy();
  const shapes = (table: string) => (table === tables.sessions ? INDEXES : []);
  const proxy = await startCountingProxy(databaseEndpoint, shapes, ["pk", "sk"]);
  const documents = createDynamoDbClient({ ...LOCAL, ...PATIENT, endpoint: proxy.endpoint });
  const step = async (kind: JobKind) => {
    const userIds = Array.from({ length: USERS_IN_A_STEP }, (_, number) => userIdOf(kind, number));
    if (kind === "each with a session") await signIn(databaseEndpoint, tables, userIds);
    const { requests } = await proxy.during(() => oneStep(documents, tables, userIds));
    return { requests: requestsByKind(requests), units: totalUnits(requests) };
  };
  try {
    return {
      "nobody signed in": await step("nobody signed in"),
      "each with a session": await step("each with a session"),
    };
  } finally {
    documents.destroy();
    await proxy.stop();
  }
}

/** Not through the proxy, which would read each item. */
async function signIn(databaseEndpoint: string, tables: AllTables, userIds: readonly string[]) {
  const documents = createDynamoDbClient({ ...LOCAL, ...PATIENT, endpoint: databaseEndpoint });
  const sessions = userIds.map((userId) =>
    newSession(SETTINGS, SessionToken.generate(), NOW, { user: benchUser(userId) }),
  );
  await writeItems(documents, tables.sessions, sessions.flatMap(itemsWith));
  documents.destroy();
}

/** The making and the end of the job are a few units more, whatever its length. */
async function oneStep(
  documents: DocumentClient,
  tables: AllTables,
  userIds: readonly string[],
): Promise<void> {
  const store = createSessionStore({ documents, tableName: tables.sessions, settings: SETTINGS, clock });
  const directory = createUserDirectory({ documents, tableName: tables.users, clock });
  const jobs = createJobStore({
    ...{ documents, tableName: tables.jobs, clock, random: randomBytes },
    ...REAL_WAITING,
  });
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
