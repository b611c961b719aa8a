import {
  requestsByKind,
  totalUnits,
  type CountingProxy,
  type TableShapes,
} from "../support/counting-proxy.ts";
import { INDEXES } from "../../src/sessions/table.ts";
import { USUAL_TABLE } from "../../local/lab/usual-way.ts";
import type { Measured } from "./contender.ts";
import type { World } from "./world.ts";

/** What one call asks of the database, exactly. */
export interface Counts {
  readonly id: string;
  /** Requests by operation. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests one after the other. */
  readonly roundTrips: number;
  readonly readUnits: number;
  readonly tableWriteUnits: number;
  readonly indexWriteUnits: number;
}

/** The indexes of the world's tables. The peers' calls that are counted write to no table with an index. */
export const shapesOf =
  ({ sessionsTable, usualTable }: Pick<World, "sessionsTable" | "usualTable">): TableShapes =>
  (tableName) => {
    if (tableName === sessionsTable) return INDEXES;
    return tableName === usualTable ? USUAL_TABLE.indexes : [];
  };

/**
 * Counts one call of each contender. The call before it sets up what is set up once, so that this one is like
 * every later one; what preparing asks is not counted.
 */
export async function countCalls(
  contenders: readonly Measured[],
  proxy: CountingProxy,
  report: (counts: Counts) => void,
  stop?: AbortSignal,
): Promise<void> {
  for (const contender of contenders) {
    if (stop?.aborted === true) return;
    const call = await contender.prepare(2);
    await call();
    const { requests, roundTrips } = await proxy.during(call);
    const failed = requests.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`${failed.operation} of ${contender.id} was refused`);
    const { reads, writes, indexWrites } = totalUnits(requests);
    report({
      id: contender.id,
      requests: requestsByKind(requests),
      roundTrips,
      readUnits: reads,
      tableWriteUnits: writes - indexWrites,
      indexWriteUnits: indexWrites,
    });
    await contender.clear?.();
  }
}
