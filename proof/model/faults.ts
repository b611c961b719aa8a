import type { Answer } from "./answer.ts";
import { askOf, type Request } from "./request.ts";
import type { Process, State, Stray } from "./state.ts";

/** A fault between an operation and the database: what the operation is told instead of the answer. */
export interface Fault {
  readonly state: State;
  readonly answer: Answer;
  /** Its patience has ended with this. */
  readonly late: boolean;
}

/**
 * The faults that may befall a request: no answer ever comes, and whether it took effect, or will, is open;
 * or the database refuses it for load until patience has ended. A refusal before that changes nothing and is
 * not worth a step.
 */
export function faultSteps(state: State, place: number, request: Request): Fault[] {
  const process = state.processes[place]!;
  const ask = askOf(request);
  const left = { ...state, faultsLeft: state.faultsLeft - 1 };
  if (!ask.ask.startsWith("write")) return [{ state: left, answer: { answer: "timeout" }, late: true }];

  const isBegun = process.begun?.index === request.index;
  const batch = process.batches[request.index];
  const stray: Stray = { process: place, request, ...(batch !== undefined && { batch }) };
  const forgotten: Process = isBegun ? { ...process, begun: undefined } : process;
  const unanswered: State = {
    ...left,
    processes: state.processes.with(place, forgotten),
    strays: isBegun ? state.strays : [...state.strays, stray],
  };
  return [
    { state: unanswered, answer: { answer: "timeout" }, late: false },
    { state: unanswered, answer: { answer: "timeout" }, late: true },
    ...(isBegun ? [] : [{ state: left, answer: { answer: "throttled" }, late: true } as const]),
  ];
}
