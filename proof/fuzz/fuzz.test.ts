import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PORTION, runCampaign, SEED_STEP } from "./campaign.ts";
import { createFuzzer, type Fuzzer } from "./fuzzer.ts";
import { LANES, type LaneName } from "./lanes.ts";
import { summaryOf } from "./report.ts";
import { testDatabaseEndpoint } from "../../test/support/database-endpoint.ts";

let fuzzer: Fuzzer;
beforeAll(async () => {
  fuzzer = await createFuzzer(testDatabaseEndpoint());
});
afterAll(() => fuzzer.stop());

const FIXED = 1;
const RANDOM = randomInt(1, 2000) * SEED_STEP;
/** For each of the two seeds: a portion for each lane. */
const INPUTS = PORTION * LANES.length;

describe("hostile input", () => {
  test.each([FIXED, RANDOM])(
    "of the seed %i is refused or answered as documented, and changes nothing that it may not",
    async (seed) => {
      const result = await runCampaign(fuzzer, { lanes: LANES, seed, inputs: INPUTS });
      const run = { ...result, seed, seconds: 0, counts: fuzzer.counts, interrupted: false };
      expect(result.failure, summaryOf(run)).toBeUndefined();
    },
    180_000,
  );

  /** The answers from behind the last check: an input that is refused at the door tries nothing else. */
  const DEEP: Readonly<Record<LaneName, readonly string[]>> = {
    "login-password": ["201", "401 invalid_credentials"],
    "login-id-token": ["201", "401 invalid_credentials"],
    "login-direct": ["ok"],
    "login-oidc": ["303", "401 oidc_failed"],
    logout: ["204"],
    validate: ["200", "401 session_unknown"],
    authorize: ["authorized", "not authorized"],
    "list-sessions": ["200", "403 permission_required"],
    activity: ["200", "400 invalid_request", "403 permission_required"],
    jobs: ["200", "202", "403 permission_required", "404 not_found"],
    "end-session": ["200", "404 not_found"],
    "end-session-direct": ["ok", "not_found", "permission_required"],
    "admin-logout": ["200", "403 permission_required"],
    "admin-logout-direct": ["ok"],
  };

  test.each(LANES)("of the lane $name gets behind every check, some of it", ({ name }) => {
    const counts = fuzzer.counts.get(name);
    for (const outcome of DEEP[name]) expect(counts?.get(outcome) ?? 0, outcome).toBeGreaterThan(0);
  });
});
