import type { ContenderFacts } from "./contender.ts";
import type { Counts } from "./count-calls.ts";
import type { Block, BulkRun, LoadedBlock, SpeedResults } from "./results.ts";
import type { Report } from "./tasks.ts";

type Machine = Pick<SpeedResults, "versions" | "processors">;

/** Keeps what the measuring processes report. */
export class Collector {
  readonly #machine: Machine;
  readonly #date = new Date().toISOString();
  #contenders: readonly ContenderFacts[] = [];
  readonly #counts: Counts[] = [];
  readonly #blocks: Block[] = [];
  readonly #loadedBlocks: LoadedBlock[] = [];
  readonly #bulkRuns: BulkRun[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  note(report: Report): void {
    switch (report.report) {
      case "contenders":
        this.#contenders = report.contenders;
        break;
      case "counts":
        this.#counts.push(report.counts);
        break;
      case "block":
        this.#blocks.push(report.block);
        break;
      case "loaded-block":
        this.#loadedBlocks.push(report.block);
        break;
      case "bulk":
        this.#bulkRuns.push(report.run);
        break;
    }
  }

  results(endedEarly: boolean): SpeedResults {
    return {
      date: this.#date,
      ...this.#machine,
      endedEarly,
      contenders: this.#contenders,
      counts: this.#counts,
      blocks: this.#blocks,
      atOnce: AT_ONCE,
      loadedBlocks: this.#loadedBlocks,
      bulkRuns: this.#bulkRuns,
    };
  }
}

/** Calls under way at any time, where many are. */
export const AT_ONCE = 32;
