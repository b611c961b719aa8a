import { describe, expect, test } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { liveAmong, logIn, user } from "../support/store.ts";
import { createJobWorld, type JobWorld } from "./world.ts";

const COUNTS = ["stepsDone", "usersDone", "loggedOut", "sessionCount", "skipped", "unknown"] as const;

async function countsOf({ jobs }: JobWorld, jobId: string): Promise<number[]> {
  const job = await jobs.get(jobId);
  return COUNTS.map((name) => job?.[name] ?? Number.NaN);
}

/** A process that dies at a point of its work. */
class Died extends Error {}
const die = (): never => {
  throw new Died();
};

describe("a step of a job", () => {
  test("logs its users out, and counts what came of them", async () => {
    const world = await createJobWorld();
    const alice = [await logIn(world.store, "alice", { policy: NO_LIMIT })];
    alice.push(await logIn(world.store, "alice", { policy: NO_LIMIT }));
    const root = await logIn(world.store, "root", { user: user("root", { isAdmin: true }) });
    const other = await logIn(world.store, "other");
    const job = await world.begin([["alice", "nobody", "root"]]);
    expect(await world.carryOut(job, 0)).toEqual({ outcome: "done", users: 3 });
    const tokens = [...alice, root, other].map(({ token }) => token);
    expect(await liveAmong(world.store, tokens)).toEqual([2, 3]);
    expect(await countsOf(world, job.id)).toEqual([1, 3, 1, 2, 1, 1]);
    expect(await world.store.validate(tokens[0]!)).toMatchObject({
      ending: { reason: "revoked", endedBy: "carol" },
    });
  });

  test("of a dry run counts the same, and ends nothing", async () => {
    const world = await createJobWorld();
    const { token } = await logIn(world.store, "alice");
    const job = await world.begin([["alice", "nobody"]], { dryRun: true });
    await world.carryOut(job, 0);
    expect(await liveAmong(world.store, [token])).toEqual([0]);
    expect(await countsOf(world, job.id)).toEqual([1, 2, 1, 1, 0, 1]);
  });

  test("carried out again when it is done changes nothing, whoever has logged in since", async () => {
    const world = await createJobWorld();
    await logIn(world.store, "alice");
    const job = await world.begin([["alice"]]);
    await world.carryOut(job, 0);
    const again = await logIn(world.store, "alice");
    await world.carryOut(job, 0);
    expect(await liveAmong(world.store, [again.token])).toEqual([0]);
    expect(await countsOf(world, job.id)).toEqual([1, 1, 1, 1, 0, 0]);
  });
});

describe("a step that is broken off and carried out again counts exactly", () => {
  /** Where it dies, and how it is told to. */
  const points = {
    "before anything is ended": (world: JobWorld) => ({
      logOut: (asked: { readonly userIds: readonly string[]; readonly dryRun: boolean }) =>
        asked.dryRun ? world.logOut(asked) : die(),
    }),
    "after some of its users": (world: JobWorld) => ({
      logOut: async (asked: { readonly userIds: readonly string[]; readonly dryRun: boolean }) => {
        if (asked.dryRun) return world.logOut(asked);
        await world.logOut({ ...asked, userIds: asked.userIds.slice(0, 2) });
        return die();
      },
    }),
    "before its result is written": (world: JobWorld) => ({
      jobs: { ...world.jobs, finishStep: () => Promise.reject(new Died()) },
    }),
    "after its result is written": (world: JobWorld) => ({
      jobs: {
        ...world.jobs,
        finishStep: async (...args: Parameters<typeof world.jobs.finishStep>) => {
          await world.jobs.finishStep(...args);
          die();
        },
      },
    }),
  };

  test.each(Object.entries(points))("%s", async (when, dying) => {
    const world = await createJobWorld();
    const tokens = [];
    for (const userId of ["a", "b", "c"]) tokens.push((await logIn(world.store, userId)).token);
    const job = await world.begin([["a", "b", "c", "d"]]);
    await expect(world.carryOut(job, 0, dying(world))).rejects.toBeInstanceOf(Died);
    await world.carryOut(job, 0, dying(world)).catch(() => undefined);
    const isOver = when === "after its result is written";
    expect(await world.carryOut(job, 0)).toEqual(
      isOver ? { outcome: "done-before" } : { outcome: "done", users: 4 },
    );
    expect(await liveAmong(world.store, tokens)).toEqual([]);
    expect(await countsOf(world, job.id)).toEqual([1, 4, 3, 3, 0, 1]);
  });

  test("two runs of it at once count it once", async () => {
    const world = await createJobWorld();
    for (const userId of ["a", "b"]) await logIn(world.store, userId);
    const job = await world.begin([["a", "b"]]);
    await Promise.all([world.carryOut(job, 0), world.carryOut(job, 0), world.carryOut(job, 0)]);
    expect(await countsOf(world, job.id)).toEqual([1, 2, 2, 2, 0, 0]);
  });

  test("users for whom there was no time leave it undone, and are counted when they are", async () => {
    const world = await createJobWorld();
    await logIn(world.store, "a");
    const job = await world.begin([["a", "b"]]);
    const outcome = await world.carryOut(job, 0, {
      logOut: async (asked) => ({
        ...(await world.logOut({ ...asked, dryRun: true })),
        unfinished: asked.dryRun ? [] : ["a"],
      }),
    });
    expect(outcome).toEqual({ outcome: "unfinished", count: 1 });
    expect(await countsOf(world, job.id)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await world.jobs.end(job.id)).toMatchObject({ state: "unfinished" });
    await world.carryOut(job, 0);
    expect(await countsOf(world, job.id)).toEqual([1, 2, 1, 1, 0, 1]);
    expect(await world.jobs.end(job.id)).toMatchObject({ state: "finished" });
  });
});

describe("the store of jobs", () => {
  test("starts no job whose list was not filled, and none that is not there", async () => {
    const { jobs } = await createJobWorld();
    const filling = await jobs.create({ actor: "x", includeAdmins: false, dryRun: false, rate: 500 });
    expect(await jobs.start(filling.id)).toBeUndefined();
    expect(await jobs.start("20300101T000000-000000000000", { users: 1, steps: 1 })).toBeUndefined();
    expect(await jobs.get("20300101T000000-000000000000")).toBeUndefined();
    expect(await jobs.get(filling.id)).toEqual(filling);
  });

  test("lists the newest first, and counts the runs", async () => {
    const { jobs, clock, begin } = await createJobWorld();
    const first = await begin([["a"]], { reason: "leak" });
    clock.advance(1000);
    const second = await begin([["b"], ["c"]]);
    expect(await jobs.list(10)).toEqual([second, first]);
    expect(await jobs.list(1)).toEqual([second]);
    expect(first).toMatchObject({ state: "running", runs: 1, users: 1, steps: 1, reason: "leak" });
    expect(await jobs.start(first.id)).toMatchObject({ runs: 2, steps: 1 });
  });

  test("a step without users is a fault, not an empty step", async () => {
    const { jobs, begin } = await createJobWorld();
    const job = await begin([["a"]]);
    await expect(jobs.readStep(job.id, 1)).rejects.toThrow(/step 1 of the job .* has no users/);
  });
});
