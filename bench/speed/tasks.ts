import type { Counts } from "./count-calls.ts";
import type { Block, BulkRun, BulkWay, LoadedBlock } from "./results.ts";
import type { ContenderFacts } from "./contender.ts";

/** What a measuring process is asked to do. */
export type Task = { readonly assemblyFolder: string } & (
  | { readonly task: "count"; readonly only: string | undefined }
  | {
      readonly task: "rounds";
      readonly only: string | undefined;
      readonly rounds: number;
      readonly calls: number;
    }
  | {
      readonly task: "load";
      readonly only: string | undefined;
      readonly rounds: number;
      readonly calls: number;
      readonly atOnce: number;
    }
  | { readonly task: "bulk-seed"; readonly round: number; readonly users: number }
  | { readonly task: "bulk"; readonly way: BulkWay; readonly round: number; readonly users: number }
);

/** What it tells as it goes, so that a run that is ended early has what was measured by then. */
export type Report =
  | { readonly report: "contenders"; readonly contenders: readonly ContenderFacts[] }
  | { readonly report: "counts"; readonly counts: Counts }
  | { readonly report: "block"; readonly block: Block }
  | { readonly report: "loaded-block"; readonly block: LoadedBlock }
  | { readonly report: "bulk"; readonly run: BulkRun };
