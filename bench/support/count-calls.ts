import { requestsByKind, startCountingProxy, totalUnits, type TableShapes } from "./counting-proxy.ts";
import type { Measured } from "./rounds.ts";

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

/**
 * Counts one call of each contender. The call before it sets up what is set up once, so that this one is like
 * every later one; what preparing asks is not counted.
 * @param contendersAt makes those that ask by an endpoint.
 */
export async function countCalls(
  endpoint: string,
  shapes: TableShapes,
  contendersAt: (endpoint: string) => Promise<readonly Measured[]> | readonly Measured[],
  report: (counts: Counts) => void,
  stop?: AbortSignal,
): Promise<void> {
  const proxy = await startCountingProxy(endpoint, shapes);
  for (const contender of await contendersAt(proxy.endpoint)) {
    if (stop?.aborted === true) break;
    const call = await contender.prepare(2);
    await call();
    const { requests, roundTrips } = await proxy.during(call);
    const failed = requests.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`${failed.operation} of ${contender.id} was refused`);
    const { reads: readUnits, writes, indexWrites: indexWriteUnits } = totalUnits(requests);
    report({
      ...{ id: contender.id, requests: requestsByKind(requests), roundTrips },
      ...{ readUnits, tableWriteUnits: writes - indexWriteUnits, indexWriteUnits },
    });
    await contender.clear?.();
  }
  await proxy.stop();
}
