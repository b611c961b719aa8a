import { test } from "vitest";
import { AT_ONCE, raceLogins } from "../support/store-race.ts";

/** `proof/race/store.test.ts` has more: each takes the database a second. */
const ROUNDS = 3;

test(`${AT_ONCE} logins of one user at once leave exactly one live session, in each of ${ROUNDS} rounds`, async () => {
  await raceLogins(ROUNDS);
}, 300_000);
