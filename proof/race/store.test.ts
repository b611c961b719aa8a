import { test } from "vitest";
import { AT_ONCE, raceLogins } from "../../test/support/store-race.ts";

const ROUNDS = 20;

test(`${AT_ONCE} logins of one user at once leave exactly one live session, in each of ${ROUNDS} rounds`, async () => {
  await raceLogins(ROUNDS);
}, 300_000);
