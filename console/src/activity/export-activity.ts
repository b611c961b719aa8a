import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import type { Failure } from "../api/call.ts";
import type { ApiAnswer } from "../api/call.ts";
import type { Page } from "../api/calls.ts";

/** What has been loaded of a list of any length. */
export interface Export {
  readonly records: readonly ActivityView[];
  /** Where to go on; absent when that is all. */
  readonly cursor?: string;
  readonly end: { readonly kind: "all" | "stopped" } | { readonly kind: "failed"; readonly failure: Failure };
}

interface ExportMeans {
  readonly load: (cursor: string | undefined) => Promise<ApiAnswer<Page<ActivityView>>>;
  readonly matches: (record: ActivityView) => boolean;
  readonly onProgress: (progress: { readonly records: number; readonly oldest: string | undefined }) => void;
  /** Ends it after the page under way. */
  readonly signal: AbortSignal;
}

/** Loads a list to its end, or until it is stopped or fails; then it can go on where it was. */
export async function loadAll(
  { load, matches, onProgress, signal }: ExportMeans,
  before?: Pick<Export, "records" | "cursor">,
): Promise<Export> {
  const records = [...(before?.records ?? [])];
  let cursor = before?.cursor;
  for (;;) {
    const rest = cursor === undefined ? {} : { cursor };
    if (signal.aborted) return { records, ...rest, end: { kind: "stopped" } };
    const answer = await load(cursor);
    if (answer.outcome !== "ok") return { records, ...rest, end: { kind: "failed", failure: answer } };
    const { items } = answer.value;
    for (const record of items) if (matches(record)) records.push(record);
    onProgress({ records: records.length, oldest: items.at(-1)?.time });
    cursor = answer.value.cursor;
    if (cursor === undefined) return { records, end: { kind: "all" } };
  }
}
