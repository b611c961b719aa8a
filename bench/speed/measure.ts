/** What the measuring processes do, each in one of its own. */
import { randomUUID } from "node:crypto";
import type { Work } from "../support/child.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { openStack, type DeployedStack } from "../support/deployed-stack.ts";
import { ENDPOINT } from "../support/engine.ts";
import { seedUsers } from "../support/seed.ts";
import {
  BULK_WAYS,
  bulkUserIds,
  runBulkLogout,
  warmUpUserIds,
  type BulkRun,
  type BulkWay,
} from "./bulk-logout.ts";
import { chosen, LOADED, type Contender, type ContenderFacts } from "./contender.ts";
import { functionContenders } from "./contenders/functions.ts";
import { authJsContender, expressContenders } from "./contenders/peers.ts";
import { sdkContenders, usualLoginContender } from "./contenders/sdk.ts";
import { storeContenders } from "./contenders/store.ts";
import { countCalls, shapesOf, type Counts } from "./count-calls.ts";
import { measureLoad, measureRounds, type Block, type LoadedBlock } from "./rounds.ts";
import { createWorld, type World } from "./world.ts";

/** For a parent that runs these. */
export const MEASURING = import.meta.url;

/** What is told as it goes, so that a run that is ended early has what was measured by then. */
export interface Report {
  readonly contenders?: readonly ContenderFacts[];
  readonly counts?: Counts;
  readonly block?: Block;
  readonly loadedBlock?: LoadedBlock;
  readonly bulkRun?: BulkRun;
}

interface Place {
  readonly assemblyFolder: string;
}
interface Choice extends Place {
  readonly only: string | undefined;
}
interface Bulk extends Place {
  readonly round: number;
  readonly users: number;
}

const stackOf = ({ assemblyFolder }: Place): Promise<DeployedStack> =>
  openStack(assemblyFolder, process.env[ENDPOINT] ?? "");

/** Everybody who is measured and chosen, in the order of the tables. */
async function contendersIn(world: World, stack: DeployedStack, { only }: Choice): Promise<Contender[]> {
  const all = [
    ...sdkContenders(world),
    ...storeContenders(world),
    ...(await functionContenders(world, stack)),
    ...(await expressContenders(world)),
    await authJsContender(world),
    usualLoginContender(world),
  ];
  return chosen(all, only);
}

/** Counts a call of each. Everything is made behind the proxy, so that all of it asks through it. */
export const count: Work<Choice, Report> = async function count(task, tell, stop) {
  const stack = await stackOf(task);
  const usualTable = `usual-${randomUUID()}`;
  const shapes = shapesOf({ sessionsTable: stack.sessionsTable, usualTable });
  const proxy = await startCountingProxy(process.env[ENDPOINT] ?? "", shapes);
  process.env[ENDPOINT] = proxy.endpoint;
  const world = await createWorld({ ...stack, usualTable });
  const contenders = await contendersIn(world, stack, task);
  await countCalls(contenders, proxy, (counts) => tell({ counts }), stop);
};

/** Measures one call after the other. */
export const rounds: Work<Choice & { readonly rounds: number; readonly calls: number }, Report> =
  async function rounds(task, tell, stop) {
    const stack = await stackOf(task);
    const contenders = await contendersIn(await createWorld(stack), stack, task);
    tell({ contenders });
    await measureRounds(contenders, { ...task, stop }, (block) => tell({ block }));
  };

/** Measures many calls at once. */
export const load: Work<
  Choice & { readonly rounds: number; readonly calls: number; readonly atOnce: number },
  Report
> = async function load(task, tell, stop) {
  const stack = await stackOf(task);
  const contenders = await contendersIn(await createWorld(stack), stack, task);
  const loaded = contenders.filter(({ id }) => LOADED.includes(id));
  await measureLoad(loaded, { ...task, stop }, (loadedBlock) => tell({ loadedBlock }));
};

/** Makes the users of a logout of everybody, each way. */
export const seedBulk: Work<Bulk, Report> = async function seedBulk(task, _tell, stop) {
  const { documents, sessionsTable: tableName, settings } = await createWorld(await stackOf(task));
  for (const way of BULK_WAYS) {
    const userIds = [...warmUpUserIds(way, task.round), ...bulkUserIds(way, task.round, task.users)];
    if (!stop.aborted) await seedUsers({ documents, tableName, settings }, userIds);
  }
};

/** Logs out everybody, one way. */
export const bulk: Work<Bulk & { readonly way: BulkWay }, Report> = async function bulk(task, tell) {
  const world = await createWorld(await stackOf(task));
  tell({ bulkRun: await runBulkLogout(world, task.way, task.round, task.users) });
};
