import { expect, test } from "vitest";
import { createSignInWorld, signIn, useLive, using } from "../../support/sign-ins.ts";
import { SETTINGS } from "../../support/store.ts";

const ROUNDS = 200;
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
}, 120_000);
