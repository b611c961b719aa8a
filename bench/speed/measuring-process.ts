/** Runs in a process of its own: makes the contenders, and carries out one task of measuring. */
import { randomUUID } from "node:crypto";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { runAsChild, taskOf, tell } from "../support/measuring-child.ts";
import { seedUsers } from "../support/seed.ts";
import { bulkUserIds, runBulkLogout, warmUpUserIds } from "./bulk-logout.ts";
import { chosen, LOADED } from "./chosen.ts";
import { factsOf } from "./contender.ts";
import { allContenders } from "./contenders/all.ts";
import { countCalls, shapesOf } from "./count-calls.ts";
import { openStack, type DeployedStack } from "./deployed-functions.ts";
import { BULK_WAYS } from "./results.ts";
import { measureLoad, measureRounds } from "./rounds.ts";
import type { Report, Task } from "./tasks.ts";
import { createWorld, type World } from "./world.ts";

const ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";
const report = (what: Report): void => tell(what);

async function work(task: Task, stop: AbortSignal): Promise<void> {
  const stack = await openStack(task.assemblyFolder, process.env[ENDPOINT] ?? "");
  if (task.task === "count") return count(task, stack, stop);
  const world = await createWorld(stack);
  try {
    await workIn(world, task, stack, stop);
  } finally {
    world.close();
  }
}

async function workIn(
  world: World,
  task: Exclude<Task, { task: "count" }>,
  stack: DeployedStack,
  stop: AbortSignal,
): Promise<void> {
  switch (task.task) {
    case "rounds":
    case "load": {
      const made = await allContenders(world, stack);
      const all = made.contenders;
      if (task.task === "rounds") {
        const contenders = chosen(all, task.only);
        report({ report: "contenders", contenders: contenders.map(factsOf) });
        await measureRounds(contenders, { ...task, stop }, (block) => report({ report: "block", block }));
      } else {
        const contenders = chosen(all, task.only).filter(({ id }) => LOADED.includes(id));
        const tellBlock = (block: Parameters<Parameters<typeof measureLoad>[2]>[0]): void =>
          report({ report: "loaded-block", block });
        await measureLoad(contenders, { ...task, stop }, tellBlock);
      }
      made.close();
      return;
    }
    case "bulk-seed": {
      const { documents, sessionsTable: tableName, settings } = world;
      for (const way of BULK_WAYS) {
        const userIds = [...warmUpUserIds(way, task.round), ...bulkUserIds(way, task.round, task.users)];
        if (!stop.aborted) await seedUsers({ documents, tableName, settings }, userIds);
      }
      return;
    }
    case "bulk":
      report({ report: "bulk", run: await runBulkLogout(world, task.way, task.round, task.users) });
  }
}

/** Everything is made behind the proxy, so that all of it asks through it. */
async function count(
  { only }: Extract<Task, { task: "count" }>,
  stack: DeployedStack,
  stop: AbortSignal,
): Promise<void> {
  const usualTable = `usual-${randomUUID()}`;
  const shapes = shapesOf({ sessionsTable: stack.sessionsTable, usualTable });
  const proxy = await startCountingProxy(process.env[ENDPOINT] ?? "", shapes);
  process.env[ENDPOINT] = proxy.endpoint;
  const world = await createWorld({ ...stack, usualTable });
  const made = await allContenders(world, stack);
  await countCalls(
    chosen(made.contenders, only),
    proxy,
    (counts) => report({ report: "counts", counts }),
    stop,
  );
  made.close();
  world.close();
  await proxy.stop();
}

await runAsChild((stop) => work(taskOf() as Task, stop));
// Agents of the contenders may keep a connection open for a while; nothing is left to do.
setImmediate(() => process.exit());
