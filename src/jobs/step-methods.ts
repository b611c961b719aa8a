import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { reading } from "../dynamodb/faults.ts";
import { transact } from "../dynamodb/transact.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import { updateOf, written } from "./job-writes.ts";
import { JOB_KEPT_MS } from "./job.ts";
import { jobKey, resultKey, stepPartition, usersKey } from "./jobs-table.ts";
import { countOutcomes, type Outcomes } from "./outcomes.ts";
import type { JobStep, JobStore, JobStoreDependencies } from "./store.ts";

type StepMethods = Pick<JobStore, "writeStep" | "readStep" | "keepSeen" | "finishStep">;

const ttl = (createdAt: number): number => ttlOf(createdAt + JOB_KEPT_MS);

/** What of the store of jobs is about their steps. */
export function stepMethods(dependencies: JobStoreDependencies): StepMethods {
  const { documents, tableName: TableName } = dependencies;
  return {
    async writeStep({ id, createdAt }, step, userIds) {
      const Item = { ...usersKey(id, step), userIds: [...userIds], ttl: ttl(createdAt) };
      await written(dependencies, () => documents.send(new PutCommand({ TableName, Item })));
    },

    async readStep(jobId, step) {
      const input = {
        TableName,
        KeyConditionExpression: "pk = :step",
        ExpressionAttributeValues: { ":step": stepPartition(jobId, step) },
        ConsistentRead: true,
      };
      const { Items = [] } = await reading(() => documents.send(new QueryCommand(input)));
      const users = Items.find(({ sk }) => sk === "users")?.["userIds"] as readonly string[] | undefined;
      if (users === undefined) throw new Error(`step ${step} of the job ${jobId} has no users`);
      const { seen, done } = (Items.find(({ sk }) => sk === "result") ?? {}) as Partial<JobStep>;
      return { userIds: users, ...(seen && { seen }), ...(done && { done }) };
    },

    async keepSeen({ id, createdAt }, step, seen) {
      const Key = resultKey(id, step);
      const put = {
        ...{ TableName, Item: { ...Key, seen, ttl: ttl(createdAt) } },
        ConditionExpression: "attribute_not_exists(pk)",
      };
      const answer = await written(dependencies, () => documents.send(new PutCommand(put)));
      if (answer.result === "written") return seen;
      // An earlier attempt's, or this one's whose answer was lost.
      const get = new GetCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await reading(() => documents.send(get));
      if (Item === undefined) throw new Error(`step ${step} of the job ${id} was there, and is not any more`);
      return Item["seen"] as Outcomes;
    },

    finishStep: (jobId, step, outcomes) => finishStep(dependencies, [jobId, step], outcomes),
  };
}

/**
 * Where the condition fails, the step was finished before: by an attempt whose answer was lost, or by another
 * run.
 */
async function finishStep(
  dependencies: JobStoreDependencies,
  [jobId, step]: readonly [string, number],
  outcomes: Outcomes,
): Promise<void> {
  const { tableName: TableName, clock } = dependencies;
  await transact(dependencies, [
    {
      Update: {
        ...{ TableName, Key: resultKey(jobId, step), ...updateOf({ done: outcomes }, {}) },
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(#done)",
      },
    },
    {
      Update: {
        ...{ TableName, Key: jobKey(jobId) },
        ...updateOf({ updatedAt: clock() }, { ...countOutcomes(outcomes) }),
      },
    },
  ]);
}
