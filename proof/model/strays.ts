import type { Progress } from "./execution.ts";
import { askOf, type Request } from "./request.ts";
import { NOT_CALLED, withProcess, type State } from "./state.ts";

/** An operation is no more: its writes under way may arrive at any time, or never. */
export function crashed(state: State, place: number, progress: Progress): State {
  const process = state.processes[place]!;
  const heldIndexes = new Set(process.held.map(({ index }) => index));
  const strays = progress.pending
    .filter(({ index }) => index !== process.begun?.index && !heldIndexes.has(index))
    .filter((request) => askOf(request).ask.startsWith("write"))
    .map((request) => {
      const batch = process.batches[request.index];
      return { process: place, request, ...(batch !== undefined && { batch }) };
    });
  const faultsLeft = state.faultsLeft - 1;
  const left: State = { ...state, faultsLeft, strays: [...state.strays, ...strays] };
  return withProcess(left, place, { ...NOT_CALLED, status: "crashed", commits: process.commits });
}

/**
 * Request tokens that nobody sends any more are forgotten, and so are stray requests that could only be told
 * "done".
 */
export function tidied(state: State): State {
  const { applied, running } = state.database;
  if (applied.length === 0 && state.strays.length === 0) return state;
  const strays = state.strays.filter((stray) => {
    const token = tokenIn(stray.request);
    return token === undefined || !(applied.includes(token) || running.some((one) => one.token === token));
  });
  const wanted = new Set(
    state.processes.flatMap(({ progress }) => (progress?.pending ?? []).map((request) => tokenIn(request))),
  );
  // An answer on its way may be a timeout, after which the same token comes again.
  const mayWant = state.processes.some(({ held }) => held.length > 0);
  const kept = applied.filter((token) => mayWant || wanted.has(token));
  return { ...state, strays, database: { ...state.database, applied: kept } };
}

function tokenIn(request: Request): string | undefined {
  const ask = askOf(request);
  return ask.ask === "write-together" ? ask.token : undefined;
}
