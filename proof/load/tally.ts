import type { Answer } from "./calls.ts";
import { percentile } from "./statistics.ts";

/** What came of one kind of operation. */
export interface OperationSummary {
  readonly name: string;
  readonly count: number;
  /** How many answers there were of each status: `{"200": 7, "401": 2}`. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
}

/** Milliseconds in one class of latencies: what is kept must not grow with the length of the run. */
const CLASS_MS = 0.5;
const CLASSES = 80_000;

interface Counts {
  readonly statuses: Map<number, number>;
  /** How many latencies there were in each class. */
  readonly latencies: Uint32Array;
}

/** Counts answers and their latencies, in a space that is bounded however long the run is. */
export class Tally {
  readonly #byName = new Map<string, Counts>();

  add(name: string, { status, milliseconds }: Pick<Answer, "status" | "milliseconds">): void {
    const entry: Counts = this.#byName.get(name) ?? {
      statuses: new Map(),
      latencies: new Uint32Array(CLASSES),
    };
    entry.statuses.set(status, (entry.statuses.get(status) ?? 0) + 1);
    const latencyClass = Math.min(CLASSES - 1, Math.floor(milliseconds / CLASS_MS));
    entry.latencies[latencyClass] = (entry.latencies[latencyClass] ?? 0) + 1;
    this.#byName.set(name, entry);
  }

  get total(): number {
    return [...this.#byName.values()].reduce((sum, { statuses }) => sum + countOf(statuses), 0);
  }

  list(): OperationSummary[] {
    return [...this.#byName].map(([name, { statuses, latencies }]) => {
      const at = (share: number): number => percentile(latencies, share) * CLASS_MS;
      return {
        name,
        count: countOf(statuses),
        statuses: Object.fromEntries([...statuses].sort(([one], [other]) => one - other)),
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        longest: at(1),
      };
    });
  }
}

const countOf = (statuses: ReadonlyMap<number, number>): number =>
  [...statuses.values()].reduce((sum, count) => sum + count, 0);
