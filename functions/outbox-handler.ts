import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { StoreUnavailableError } from "../src/dynamodb/errors.ts";
import { createPlainFunction, type CallDependencies, type LambdaFunction } from "../src/http/endpoint.ts";
import type { OutboxDependencies, OutboxProblem } from "../src/outbox/dependencies.ts";
import { createOutbox, type OutboxResult } from "../src/outbox/outbox.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";

export interface OutboxHandlerDependencies extends CallDependencies, Omit<OutboxDependencies, "onProblem"> {}

/**
 * The outbox, as the mapping of the table's stream calls it (design section 10): a batch of changes becomes
 * events on the bus and hints to pages. Only what could be put nowhere is answered as failed, from where on
 * Lambda gives the batch again.
 */
export function createOutboxHandler(
  dependencies: OutboxHandlerDependencies,
): LambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse> {
  return createPlainFunction(dependencies, "outbox", async ({ input, record }) => {
    const records = recordsOf(input);
    const problems: OutboxProblem[] = [];
    const onProblem = (problem: OutboxProblem): void => void problems.push(problem);
    try {
      const result = await createOutbox({ ...dependencies, onProblem })(records);
      record.routine();
      countIn(record, result);
      const { failedFrom } = result;
      return { batchItemFailures: failedFrom === undefined ? [] : [failureOf(failedFrom)] };
    } finally {
      writeProblems(record, problems);
    }
  });
}

/** @throws Error where the event is not of a DynamoDB stream, so that Lambda's own alarms see it. */
function recordsOf(event: Partial<DynamoDBStreamEvent> | null | undefined): readonly DynamoDBRecord[] {
  if (!Array.isArray(event?.Records)) throw new Error("the event has no Records: it is no DynamoDB stream's");
  return event.Records;
}

/** @throws Error where the record has no number: all of the batch then counts as failed. */
function failureOf({ dynamodb: change }: DynamoDBRecord) {
  const itemIdentifier = change?.SequenceNumber;
  if (itemIdentifier === undefined) throw new Error("a record of the stream has no SequenceNumber");
  return { itemIdentifier };
}

function countIn(record: CallRecord, result: OutboxResult): void {
  record.count("EventsTold", result.told);
  record.count("EventsUntold", result.untold);
  record.count("EventsDropped", result.dropped);
  record.count("EventsLost", result.eventsLost ? 1 : 0);
  record.count("HintsFailed", result.hintsFailed);
  record.count("ActivityLost", result.activityLost);
}

const MOST_NAMED = 10;

/** A line for each kind of problem, however many events it met. */
function writeProblems(record: CallRecord, problems: readonly OutboxProblem[]): void {
  const kinds = Map.groupBy(problems, ({ problem, code = "" }) => `${problem} ${code}`);
  for (const some of kinds.values()) {
    const [first] = some;
    if (first === undefined) continue;
    const { problem, code, error } = first;
    if (problem === "endings-unread") {
      record.count(error instanceof StoreUnavailableError ? "Unavailable" : "Faults");
      record.fault(error);
      continue;
    }
    const sessionIds = some.flatMap(({ sessionId }) => sessionId ?? []).slice(0, MOST_NAMED);
    const fields = { problem, count: some.length, ...(code !== undefined && { code }) };
    record.outbox({ ...fields, ...(sessionIds.length > 0 && { sessionIds }) }, error);
  }
}
