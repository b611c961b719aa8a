import type { Answer } from "./answer.ts";
import { liveAtCall, withClaims } from "./claims.ts";
import { withMade } from "./sign-in-claims.ts";
import { finished, withItem, type Database } from "./database.ts";
import type { Executions, Progress } from "./execution.ts";
import { faultSteps, type Fault } from "./faults.ts";
import type { Operation } from "./call.ts";
import type { Request } from "./request.ts";
import { START, type Cast, type Scenario } from "./scenario.ts";
import {
  NOT_CALLED,
  NOTHING_KNOWN,
  withProcess,
  type Known,
  type Process,
  type State,
  type Step,
} from "./state.ts";
import { crashed, tidied } from "./strays.ts";
import { strayTurns, turnsOf, type RequestTurn } from "./turns.ts";
import { showAnswer, showRequest, shortTime } from "./show.ts";

/**
 * What can happen in a scenario, a step at a time: the operations are the product's own, the database is the
 * model's.
 */
export class World {
  readonly #scenario: Scenario;
  readonly #cast: Cast;
  readonly #executions: Executions;

  constructor(scenario: Scenario, cast: Cast, executions: Executions) {
    this.#scenario = scenario;
    this.#cast = cast;
    this.#executions = executions;
  }

  /** The state at the start, after what came before. */
  start(database: Database, { out, ended, made }: Known = NOTHING_KNOWN): State {
    return {
      time: START,
      leaps: 0,
      faultsLeft: this.#scenario.faults ?? 0,
      database,
      processes: this.#scenario.atOnce.map(() => NOT_CALLED),
      strays: [],
      out,
      ended,
      made,
      disabled: [],
      tokensUsed: [],
      wrong: undefined,
    };
  }

  /** Every step that can be next. */
  async steps(state: State): Promise<Step[]> {
    const steps: Step[] = [...this.#databaseSteps(state), ...this.#strayRequestSteps(state)];
    for (const { token } of state.database.running) steps.push(await this.#finishStep(state, token));
    for (const place of state.processes.keys()) steps.push(...(await this.#processSteps(state, place)));
    return steps.map(({ label, state: next }) => ({
      label,
      state: tidied(withMade(state, next, this.#cast)),
    }));
  }

  /**
   * Whether a leap of time may still come: then it matters when a request is carried out and when its answer
   * arrives.
   */
  #timeMayPass(state: State): boolean {
    return state.leaps < (this.#scenario.leapsMs ?? []).length;
  }

  async #processSteps(state: State, place: number): Promise<Step[]> {
    const process = state.processes[place]!;
    const operation = this.#scenario.atOnce[place]!;
    if (process.status === "waiting") {
      const progress = await this.#executions.start(operation, state.time);
      const atCall = liveAtCall(state, operation, this.#cast);
      const calledAt = state.time;
      const called = withProcess(state, place, { ...process, status: "running", progress, atCall, calledAt });
      if (!this.#timeMayPass(state)) return this.#runningSteps(called, place, progress);
      return [{ label: () => `${operation.name} is called`, state: called }];
    }
    if (process.progress === undefined) return [];
    return this.#runningSteps(state, place, process.progress);
  }

  async #runningSteps(state: State, place: number, progress: Progress): Promise<Step[]> {
    const process = state.processes[place]!;
    const steps: Step[] = [];
    for (const { index, answer, late } of process.held) {
      const next = await this.#delivered(state, place, progress, { index, answer, late });
      steps.push({
        label: () => `${nameOf(progress)}: the answer arrives: ${showAnswer(answer)}`,
        state: next,
      });
    }
    for (const request of progress.pending) {
      if (process.held.some(({ index }) => index === request.index)) continue;
      if (process.begun?.index !== request.index) {
        for (const turn of turnsOf(state, place, request))
          steps.push(await this.#turned(state, place, progress, request, turn));
      }
      if (state.faultsLeft > 0) {
        for (const fault of faultSteps(state, place, request))
          steps.push(await this.#failed(place, progress, request, fault));
      }
    }
    if (state.faultsLeft > 0) {
      const label = (): string => `${nameOf(progress)}: CRASHES`;
      steps.push({ label, state: crashed(state, place, progress) });
    }
    return steps;
  }

  async #turned(
    state: State,
    place: number,
    progress: Progress,
    request: Request,
    { process, database, answer, costs }: RequestTurn,
  ): Promise<Step> {
    const faultsLeft = state.faultsLeft - (costs ?? 0);
    const moved = withProcess({ ...state, database, faultsLeft }, place, process);
    const next = answer === undefined ? moved : await this.#answered(moved, place, progress, request, answer);
    return {
      label: () => {
        const what = answer === undefined ? "is under way" : showAnswer(answer, request);
        return `${nameOf(progress)}: ${showRequest(request)} → ${what}`;
      },
      state: next,
    };
  }

  async #failed(place: number, progress: Progress, request: Request, fault: Fault): Promise<Step> {
    const { answer, late } = fault;
    const next = await this.#answered(fault.state, place, progress, request, answer, late);
    return {
      label: () =>
        `${nameOf(progress)}: ${showRequest(request)} → FAULT ${showAnswer(answer)}${late ? ", and patience has ended" : ""}`,
      state: next,
    };
  }

  /** An answer is there: it arrives at once, or later where time may pass meanwhile. */
  async #answered(
    state: State,
    place: number,
    progress: Progress,
    { index }: Request,
    answer: Answer,
    late = false,
  ): Promise<State> {
    if (!this.#timeMayPass(state)) return this.#delivered(state, place, progress, { index, answer, late });
    const process = state.processes[place]!;
    return withProcess(state, place, { ...process, held: [...process.held, { index, answer, late }] });
  }

  async #delivered(
    state: State,
    place: number,
    progress: Progress,
    { index, answer, late }: Process["held"][number],
  ): Promise<State> {
    const process = state.processes[place]!;
    const next = await this.#executions.deliver(progress, { index, answer, late, at: state.time });
    const batches = Object.fromEntries(
      Object.entries(process.batches).filter(([other]) => Number(other) !== index),
    );
    const held = process.held.filter((one) => one.index !== index);
    const begun = process.begun?.index === index ? undefined : process.begun;
    if (next.result === undefined) {
      if (next.pending.length === 0) throw new Error(`${nameOf(next)} waits for nothing`);
      return withProcess(state, place, { ...process, batches, held, begun, progress: next });
    }
    const { atCall, calledAt } = process;
    const answered = { ...NOT_CALLED, status: "answered", atCall, calledAt } as const;
    const operation: Operation = this.#scenario.atOnce[place]!;
    const { commits } = process;
    const done = withProcess(state, place, { ...answered, commits });
    return withClaims(done, place, operation, next.result, this.#cast);
  }

  /** A running transaction is through: all of it can be seen, and its sender is answered. */
  async #finishStep(state: State, token: string): Promise<Step> {
    const owner = state.processes.findIndex(({ begun }) => begun?.token === token);
    const process = state.processes[owner];
    const progress = process?.progress;
    const database = finished(state.database, token);
    const label = (): string =>
      `DynamoDB: the transaction of ${this.#scenario.atOnce[owner]?.name ?? "nobody left"} is through`;
    const request = progress?.pending.find(({ index }) => index === process?.begun?.index);
    if (process === undefined || progress === undefined || request === undefined)
      return { label, state: { ...state, database } };
    const moved = withProcess({ ...state, database }, owner, { ...process, begun: undefined });
    const done = { answer: "output", output: {} } as const;
    return { label, state: await this.#answered(moved, owner, progress, request, done) };
  }

  /** What happens without any request: TTL removes what has expired, time leaps. */
  #databaseSteps(state: State): Step[] {
    const { database, time } = state;
    const steps: Step[] = [];
    const held = new Set(database.running.flatMap(({ parts }) => parts.map((part) => part.place)));
    for (const [place, item] of Object.entries(database.items)) {
      const ttl = item["ttl"];
      if (typeof ttl !== "number" || ttl * 1000 > time || held.has(place)) continue;
      const items = withItem(database.items, place, undefined);
      steps.push({
        label: () => `TTL removes ${place}`,
        state: { ...state, database: { ...database, items } },
      });
    }
    if (this.#timeMayPass(state)) {
      const leap = this.#scenario.leapsMs![state.leaps]!;
      const next = { ...state, time: time + leap, leaps: state.leaps + 1 };
      steps.push({ label: () => `time passes: ${shortTime(leap)}`, state: next });
    }
    return steps;
  }

  #strayRequestSteps(state: State): Step[] {
    return state.strays.flatMap((stray, which) =>
      strayTurns(state, which).map((next) => ({
        label: () =>
          `a stray request of ${this.#scenario.atOnce[stray.process]!.name} arrives: ${showRequest(stray.request)}`,
        state: next,
      })),
    );
  }
}

const nameOf = ({ operation }: Progress): string => operation.name;
