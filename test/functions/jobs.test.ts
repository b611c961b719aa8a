import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createActivityReader } from "../../src/activity/reader.ts";
import { LARGEST_JOB_BYTES, MOST_USERS_OF_JOB } from "../../src/api/start-job.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { createJobStore } from "../../src/jobs/create-job-store.ts";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { testClient } from "../support/dynamodb.ts";
import { lambdaContext } from "../http/events.ts";
import { addUsers, bearer, cookie, json, startFunctions, type Functions } from "./harness.ts";

type Run = Pick<Job, "id" | "runs">;

let functions: Functions;
let jobs: JobStore;
let staff: string;
let chief: string;
let plain: string;
const runs: Run[] = [];
let startRun: (run: Run) => Promise<void>;
const LONG = { timeout: 90_000 };
const documents = testClient();
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT }, startRun: (run) => startRun(run) });
  await addUsers(functions.directory, {
    staff: { permissions: ["single_session.logout"] },
    chief: { permissions: ["single_session.logout_all"] },
    alice: {},
  });
  [staff, chief, plain] = [
    await functions.logIn("staff"),
    await functions.logIn("chief"),
    await functions.logIn("alice"),
  ];
  jobs = createJobStore({
    ...{ documents, tableName: functions.tables.jobs, clock: () => functions.clock.now },
    ...{ random: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)), ...REAL_WAITING },
  });
});
beforeEach(() => {
  functions.recorded.clear();
  runs.length = 0;
  startRun = (run) => Promise.resolve(void runs.push(run));
});
afterAll(() => {
  documents.destroy();
  vi.restoreAllMocks();
});

/** A moment after what was before it: records and jobs are in the order of their times. */
function start(token: string, body: unknown) {
  functions.clock.now += 1000;
  return functions.send("POST /admin/jobs", json(body, bearer(token).headers), lambdaContext(60_000));
}
const get = (token: string, id: string) => functions.send(`GET /admin/jobs/${id}`, bearer(token));
const resume = (token: string, id: string) => functions.send(`POST /admin/jobs/${id}/runs`, bearer(token));
const audits = () => functions.recorded.lines("audit").map(({ audit }) => audit as Record<string, unknown>);
const idOf = ({ body }: { readonly body: Record<string, unknown> }): string => String(body["id"]);

/** Records are waited for 200 ms and no longer, which a busy machine may take. */
const expectLastAct = (act: object) => expect.poll(lastAct, { timeout: 5000 }).toMatchObject(act);

async function lastAct(): Promise<unknown> {
  const { activity: tableName } = functions.tables;
  const reader = createActivityReader({ documents, tableName, clock: () => functions.clock.now });
  const { now } = functions.clock;
  const page = await reader.list({ limit: 1, kinds: ["administered"], from: now - 60_000, to: now + 1 });
  return page.items[0]?.act;
}

/** What the list of a job has, step by step. */
async function listOf(id: string): Promise<readonly (readonly string[])[]> {
  const { steps = 0 } = (await jobs.get(id)) ?? {};
  const read = await Promise.all(Array.from({ length: steps }, (_, step) => jobs.readStep(id, step)));
  return read.map(({ userIds }) => userIds);
}

describe("starting a job", () => {
  test("writes the list, each id once and in NFC, starts one run, and answers with the job", async () => {
    const userIds = ["bob", "zoe\u0308", "bob", "zo\u00eb", "corp:carol"];
    const answer = await start(staff, { userIds, reason: "leaked passwords" });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        ...{ state: "running", actor: "staff", includeAdmins: false, dryRun: false, rate: 500 },
        ...{ reason: "leaked passwords", users: 3, usersDone: 0, unfinished: 3, runs: 1 },
      },
    });
    const id = idOf(answer);
    expect(runs).toMatchObject([{ id, runs: 1 }]);
    expect(await listOf(id)).toEqual([["bob", "zo\u00eb", "corp:carol"]]);
    expect((await get(staff, id)).body).toEqual(answer.body);
  });

  test("leaves an audit line and a record: who, how many, why, whether it was a dry run", async () => {
    const answer = await start(chief, { userIds: ["bob", "carl"], includeAdmins: true, reason: "why" });
    const line = { action: "start_job", actor: "chief", requested: 2, includeAdmins: true, reason: "why" };
    expect(audits()).toEqual([{ ...line, jobId: idOf(answer), outcome: "finished" }]);
    const act = { action: "start_job", actor: "chief", reason: "why", targets: ["bob", "carl"] };
    await expectLastAct({ ...act, outcome: "done", targetCount: 2 });
    await start(chief, { userIds: ["bob"], dryRun: true });
    expect(audits().at(-1)).toMatchObject({ action: "start_job", dryRun: true, requested: 1 });
    await expectLastAct({ action: "start_job", outcome: "dry-run", targetCount: 1 });
  });

  test("takes as many ids as it says, in steps of 1,000, and says how many too many are", LONG, async () => {
    const userIds = Array.from({ length: MOST_USERS_OF_JOB }, (_, index) => `u-${index}@example.com`);
    const answer = await start(staff, { userIds, rate: 10_000 });
    expect(answer).toMatchObject({ status: 202, body: { users: MOST_USERS_OF_JOB, rate: 10_000 } });
    const steps = await listOf(idOf(answer));
    expect(steps).toHaveLength(50);
    expect(steps.flat()).toEqual(userIds);
    expect(await start(staff, { userIds: [...userIds, "one-more"] })).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            pointer: "#/userIds",
            detail: "userIds is an array of 50001; accepted is an array of 1 to 50000 user ids.",
          },
        ],
      },
    });
  });

  test.each([
    ["nobody", { userIds: [] }, "#/userIds"],
    ["no list", {}, "#/userIds"],
    ["an id with a space before it", { userIds: ["bob", " alice"] }, "#/userIds/1"],
    ["an id that is a number", { userIds: [7] }, "#/userIds/0"],
    ["an id that is too long", { userIds: ["x".repeat(513)] }, "#/userIds/0"],
    ["a rate that is too low", { userIds: ["bob"], rate: 9 }, "#/rate"],
    ["a rate that is no whole number", { userIds: ["bob"], rate: 10.5 }, "#/rate"],
    ["a blank reason", { userIds: ["bob"], reason: " " }, "#/reason"],
    ["a word that is misspelt", { userIds: ["bob"], dryrun: true }, "#/dryrun"],
  ])("of %s is 400 that names it, and begins nothing", async (_, body, pointer) => {
    expect(await start(staff, body)).toMatchObject({
      status: 400,
      body: { code: "invalid_request", errors: [{ pointer }] },
    });
    expect(runs).toEqual([]);
  });

  test("of more bytes than fit Lambda is 413 that says how many do", async () => {
    const answer = await start(staff, { userIds: ["x".repeat(LARGEST_JOB_BYTES)] });
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large" } });
    expect(answer.text).toContain(String(LARGEST_JOB_BYTES));
  });

  test("that Lambda does not take is 503, and the job can be resumed", async () => {
    startRun = () =>
      Promise.reject(new StoreUnavailableError("Lambda did not take a run of a job", { effect: "unknown" }));
    const userIds = ["bob"];
    expect(await start(staff, { userIds })).toMatchObject({ status: 503, body: { code: "outcome_unknown" } });
    expect(audits()).toMatchObject([{ action: "start_job", outcome: "failed" }]);
    await expectLastAct({ action: "start_job", outcome: "failed", targets: userIds });
    const [job] = await jobs.list(1);
    expect(job).toMatchObject({ state: "unfinished", users: 1, usersDone: 0 });
    startRun = (run) => Promise.resolve(void runs.push(run));
    expect(await resume(staff, job!.id)).toMatchObject({ status: 202, body: { state: "running", runs: 2 } });
    expect(runs).toMatchObject([{ id: job!.id, runs: 2 }]);
  });
});

describe("who may", () => {
  const userIds = ["bob"];

  test("start, read and resume: administrators who may end sessions, and nobody else", async () => {
    const id = idOf(await start(staff, { userIds }));
    for (const answer of [
      await start(plain, { userIds, reason: "no reason" }),
      await get(plain, id),
      await functions.send("GET /admin/jobs", bearer(plain)),
      await resume(plain, id),
    ]) {
      expect(answer).toMatchObject({
        status: 403,
        body: { permissions: ["single_session.logout", "single_session.logout_all"] },
      });
    }
    for (const route of [
      "POST /admin/jobs",
      "GET /admin/jobs",
      `GET /admin/jobs/${id}`,
      `POST /admin/jobs/${id}/runs`,
    ]) {
      expect((await functions.send(route)).body).toMatchObject({ code: "no_session" });
    }
    expect(runs).toHaveLength(1);
  });

  test("include administrators: who may log out everybody, also where a job is resumed", async () => {
    expect(await start(staff, { userIds, includeAdmins: true })).toMatchObject({
      status: 403,
      body: { permissions: ["single_session.logout_all"] },
    });
    const job = idOf(await start(chief, { userIds, includeAdmins: true }));
    expect((await resume(staff, job)).status).toBe(403);
    expect((await resume(chief, job)).status).toBe(202);
  });

  test("is in the account of a refusal: an audit line, and a record with whom it was about", async () => {
    await start(plain, { userIds, reason: "no reason" });
    expect(audits()).toEqual([
      {
        ...{ action: "start_job", actor: "alice", outcome: "refused", code: "permission_required" },
        ...{ requested: 1, includeAdmins: false, reason: "no reason" },
      },
    ]);
    const act = { action: "start_job", actor: "alice", outcome: "refused", targetCount: 1 };
    await expectLastAct({ ...act, targets: userIds, reason: "no reason" });
    const job = idOf(await start(chief, { userIds, includeAdmins: true }));
    functions.recorded.clear();
    functions.clock.now += 1000;
    await resume(staff, job);
    expect(audits()).toMatchObject([{ action: "start_job", outcome: "refused", jobId: job, requested: 1 }]);
  });

  test.each(["POST /admin/jobs", "POST /admin/jobs/20261130T071500-3f9a2c1b77d0/runs"])(
    "%s is no page of another origin",
    async (route) => {
      const sent = { ...json({ userIds }, { "sec-fetch-site": "cross-site" }), ...cookie(chief) };
      const answer = await functions.send(route, sent);
      expect(answer).toMatchObject({ status: 403, body: { code: "cross_origin" } });
      expect(audits()).toMatchObject([
        { action: "start_job", actor: "chief", outcome: "refused", code: "cross_origin" },
      ]);
      expect(runs).toEqual([]);
    },
  );

  test("is read anew: who was disabled a moment ago may nothing", async () => {
    await addUsers(functions.directory, { former: { permissions: ["single_session.logout"] } });
    const former = await functions.logIn("former");
    await functions.directory.setDisabled("former", true);
    expect((await start(former, { userIds })).status).toBe(403);
  });
});

describe("reading jobs", () => {
  test("lists the newest first, those of the command among them, and leaves no audit line", async () => {
    const first = idOf(await start(staff, { userIds: ["bob"] }));
    functions.clock.now += 1000;
    const wanted = { actor: "operator:carol", includeAdmins: false, dryRun: false, rate: 500 };
    const second = (await jobs.create(wanted)).id;
    functions.recorded.clear();
    const { body } = await functions.send("GET /admin/jobs", bearer(staff));
    const [newest, older] = body["jobs"] as Record<string, unknown>[];
    expect([newest, older]).toMatchObject([
      { id: second, state: "filling", users: 0 },
      { id: first, state: "running" },
    ]);
    expect(audits()).toEqual([]);
  });

  test.each(["20261130T071500-3f9a2c1b77d0", "made-up", "", "..%2Fjobs"])(
    "or resuming one that is not there (%j) is 404",
    async (id) => {
      for (const answer of [await get(staff, id), await resume(staff, id)])
        expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      expect(runs).toEqual([]);
    },
  );

  test("shows what came of it, and never its users", async () => {
    const id = idOf(await start(staff, { userIds: ["bob", "carl"] }));
    await jobs.keepSeen({ id, createdAt: functions.clock.now }, 0, Uint8Array.of(2, 0));
    await jobs.finishStep(id, 0, Uint8Array.of(2, 0));
    await jobs.end(id);
    const answer = await get(staff, id);
    expect(answer.body).toMatchObject({
      ...{ state: "finished", usersDone: 2, unfinished: 0, loggedOut: 1, sessionCount: 2, unknown: 1 },
      endedAt: new Date(functions.clock.now).toISOString(),
    });
    expect(answer.text).not.toContain("carl");
    // There is nothing to go on with.
    expect((await resume(staff, id)).body).toEqual(answer.body);
    expect(runs).toHaveLength(1);
  });
});
