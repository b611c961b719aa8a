import { expect, test } from "vitest";
import type { StreamRecord } from "../../local/outbox/stream-client.ts";
import { createBatchRunner } from "../../local/outbox/batch-runner.ts";
import type { InvocationResult } from "../../local/lambda/function-instance.ts";

const RECORD = { dynamodb: { SequenceNumber: "1", ApproximateCreationDateTime: 0 } } as StreamRecord;

async function runFailing(times: number) {
  const held: unknown[] = [];
  const lost: unknown[] = [];
  let invocations = 0;
  const run = createBatchRunner({
    mapping: { functionName: "consume", reportsItemFailures: true, bisects: false } as never,
    invoke: (): Promise<InvocationResult> =>
      Promise.resolve(
        ++invocations > times
          ? { outcome: "answered", payload: "null" }
          : { outcome: "fault", fault: { errorType: "Error", errorMessage: "no bus" } },
      ),
    onDone: () => undefined,
    onLost: (batch) => lost.push(batch),
    onHeld: (told) => held.push(told),
    signal: new AbortController().signal,
    clock: Date.now,
  });
  await run([RECORD]);
  return { held, lost, invocations };
}

test("records that fail again and again are told of once, and tried until they pass", async () => {
  expect(await runFailing(7)).toEqual({
    held: [{ records: [RECORD], invocations: 6, reason: "Error: no bus" }],
    lost: [],
    invocations: 8,
  });
});

test("what passes after some tries says nothing", async () => {
  expect(await runFailing(3)).toEqual({ held: [], lost: [], invocations: 4 });
});
