// Long: started first.
import { expect, test } from "vitest";
import { testClient } from "../../test/support/dynamodb.ts";
import { startTestStack } from "../../test/support/local-stack.ts";
import { proveJobs } from "./prove.ts";

const LONGEST_MS = 300_000;

test(
  "each user of a list is done and counted exactly, however often the function is killed and run again",
  { timeout: LONGEST_MS },
  async () => {
    const stack = await startTestStack({ context: { console: "false", events: "false" } });
    const documents = testClient();
    try {
      const seed = `date-${Date.now()}`;
      const report = await proveJobs(stack, documents, { users: 12_345, share: 0.05, kills: 6, seed });
      expect(report.wrong, seed).toEqual([]);
      expect(report.job).toMatchObject({ state: "finished", users: 12_345, steps: 13 });
      expect(report.kills).toBe(6);
      expect(report.runs).toBeGreaterThan(1);
      expect(report.killed).toBeGreaterThan(2);
    } finally {
      await stack.stop();
      documents.destroy();
    }
  },
);
