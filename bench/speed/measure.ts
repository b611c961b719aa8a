/** What the measuring processes do, each in one of its own. */
import type { Work } from "../support/child.ts";
import { countCalls, type Counts } from "../support/count-calls.ts";
import { openStack, type DeployedStack } from "../support/deployed-stack.ts";
import { ENDPOINT } from "../support/engine.ts";
import { measureLoad, measureRounds, type Block, type LoadedBlock } from "../support/rounds.ts";
import { seedUsers } from "../support/seed.ts";
import { BULK_WAYS, bulkUserIds, runBulkLogout, type BulkRun, type BulkWay } from "./bulk-logout.ts";
import { chosen, LOADED, type Contender, type ContenderFacts } from "./contender.ts";
import { functionContenders } from "./contenders/functions.ts";
import { authJsContender, expressContenders } from "./contenders/peers.ts";
import { sdkContenders, usualLoginContender } from "./contenders/sdk.ts";
import { storeContenders } from "./contenders/store.ts";
import { createWorld, shapesOf } from "./world.ts";

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

/** What any of them is asked. */
export interface Task {
  readonly assemblyFolder: string;
  readonly only?: string | undefined;
}
interface RoundsTask extends Task {
  readonly rounds: number;
  readonly calls: number;
}
interface BulkTask extends Task {
  readonly round: number;
  readonly users: number;
}

const stackOf = ({ assemblyFolder }: Task): Promise<DeployedStack> =>
  openStack(assemblyFolder, process.env[ENDPOINT] ?? "");

/** Everybody who is measured and chosen, in the order of the tables. */
async function contendersOf(stack: DeployedStack, { only }: Task): Promise<Contender[]> {
  const world = await createWorld(stack);
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
export const count: Work<Task, Report> = async function count(task, tell, stop) {
  const stack = await stackOf(task);
  const contendersAt = (endpoint: string): Promise<Contender[]> => {
    process.env[ENDPOINT] = endpoint;
    return contendersOf(stack, task);
  };
  const database = process.env[ENDPOINT] ?? "";
  await countCalls(database, shapesOf(stack), contendersAt, (counts) => tell({ counts }), stop);
};

/** Measures one call after the other. */
export const rounds: Work<RoundsTask, Report> = async function rounds(task, tell, stop) {
  const contenders = await contendersOf(await stackOf(task), task);
  tell({ contenders });
  await measureRounds(contenders, { ...task, stop }, (block) => tell({ block }));
};

/** Measures many calls at once. */
export const load: Work<RoundsTask & { readonly atOnce: number }, Report> = async function load(
  task,
  tell,
  stop,
) {
  const contenders = await contendersOf(await stackOf(task), task);
  const loaded = contenders.filter(({ id }) => LOADED.includes(id));
  await measureLoad(loaded, { ...task, stop }, (loadedBlock) => tell({ loadedBlock }));
};

/** Makes the users of a logout of everybody, each way. */
export const seedBulk: Work<BulkTask, Report> = async function seedBulk(task, _tell, stop) {
  const { documents, sessionsTable: tableName, settings } = await createWorld(await stackOf(task));
  for (const way of BULK_WAYS) {
    const userIds = Object.values(bulkUserIds(way, task.round, task.users)).flat();
    if (!stop.aborted) await seedUsers({ documents, tableName, settings }, userIds);
  }
};

/** Logs out everybody, one way. */
export const bulk: Work<BulkTask & { readonly way: BulkWay }, Report> = async function bulk(task, tell) {
  const world = await createWorld(await stackOf(task));
  tell({ bulkRun: await runBulkLogout(world, task.way, task.round, task.users) });
};
