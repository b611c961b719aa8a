import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { runDrill } from "../../proof/restore-drill/drill.ts";
import { addDemoUsers } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

test("a restored backup brings ended sessions, disabled users and old passwords back: the steps of the runbook undo that", async () => {
  const tableNameSuffix = `-restore-${randomUUID()}`;
  const start = async (era: string): Promise<TestStack> => {
    const stack = await startTestStack({ tableNameSuffix, context: { era } });
    // The users of later deployments are those that the tables have.
    if (!isFilled) await addDemoUsers(stack);
    isFilled = true;
    return stack;
  };
  let isFilled = false;
  const findings = await runDrill({ start, say: () => undefined });
  expect(findings.filter(({ isRight }) => !isRight)).toEqual([]);
  expect(findings).toHaveLength(14);
}, 240_000);
