// Long: started first.
import { expect, test } from "vitest";
import { startBound } from "../../test/functions/bound-functions.ts";
import { createSignInWorld, signIn, useLive, using } from "../../test/support/sign-ins.ts";
import { SETTINGS } from "../../test/support/store.ts";

const ROUNDS = Number(process.env["RACE_ROUNDS"] ?? 200);
const AT_ONCE = 8;

test(`${AT_ONCE} first calls of ${AT_ONCE} sign-ins of one user at once leave exactly one that validates, in each of ${ROUNDS} rounds`, async () => {
  const world = await createSignInWorld({ clock: Date.now });
  const clock = { now: Date.now() };
  for (let round = 0; round < ROUNDS; round++) {
    const instances = [world.another(), world.another()];
    const userId = `pool:${round}`;
    // Of different seconds, so that who came last does not decide who stays.
    const all = Array.from({ length: AT_ONCE }, (_, index) =>
      signIn(clock, `${round}-${index}`, { userId, agoMs: index * 1000 }),
    );
    const uses = await Promise.all(
      all.map((one, index) => instances[index % 2]!.signIns.useSignIn(using(one))),
    );
    const after = await Promise.all(all.map((one) => world.signIns.validateSignIn(using(one))));
    const live = after.flatMap(({ outcome }, index) => (outcome === "live" ? [index] : []));
    // The newest: none was displaced by an older one.
    expect({ round, live }).toEqual({ round, live: [0] });
    expect(uses.filter(({ outcome }) => !["live", "ended", "too-old"].includes(outcome))).toEqual([]);
    const displaced = uses.flatMap((use) =>
      use.outcome === "live" ? use.displaced.map(({ id }) => id) : [],
    );
    expect(new Set(displaced).size).toBe(displaced.length);
  }
}, 300_000);

test(`the same through the functions: exactly one is answered afterwards, and nothing is a fault, in each of ${ROUNDS} rounds`, async () => {
  const bound = await startBound();
  const now = Math.floor(bound.functions.clock.now / 1000);
  for (let round = 0; round < ROUNDS; round++) {
    const tokens = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        bound.signIn(`user-${round}`, String(index), { auth_time: now - index })(),
      ),
    );
    const answers = await Promise.all(tokens.map((token) => bound.call(token)));
    expect(answers.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
    const after = await Promise.all(
      tokens.map((token) => bound.call(token, "GET /session", { query: "watch=1" })),
    );
    const live = after.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect({ round, live }).toEqual({ round, live: [0] });
  }
}, 300_000);

test("calls at once from one fresh client of each of two devices are all answered at a limit of two", async () => {
  const world = await createSignInWorld({ clock: Date.now, settings: SETTINGS });
  const clock = { now: Date.now() };
  const policy = { limit: 2, atLimit: "displace" } as const;
  for (let round = 0; round < 30; round++) {
    const instances = [world.another(), world.another(), world.another()];
    const two = ["a", "b"].map((name) => signIn(clock, `${round}-${name}`, { userId: `pool:two-${round}` }));
    const uses = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        useLive(instances[index % 3]!.signIns, two[index % 2]!, { policy }),
      ),
    );
    expect(uses.filter(({ admitted }) => admitted)).toHaveLength(2);
  }
});
