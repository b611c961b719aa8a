import { EMPTY, type Database } from "./database.ts";
import { Executions } from "./execution.ts";
import { violationOf, violationOfStep, type Violation } from "./invariants.ts";
import type { Operation } from "./call.ts";
import type { ModelledProduct } from "./product.ts";
import { placeOf, USERS } from "./request.ts";
import { castOf, START, type Cast, type Scenario } from "./scenario.ts";
import { keyOf, type Known, type State, type Step } from "./state.ts";
import { World } from "./world.ts";

/** What the exploration of a scenario found. */
export interface Exploration {
  readonly scenario: string;
  /** `undecided`: it had more states than it was allowed to visit. */
  readonly verdict: "holds" | "violation" | "undecided";
  readonly states: number;
  readonly steps: number;
  /** Different runs of the product's operations. */
  readonly runs: number;
  readonly seconds: number;
  /** Of a violation: the shortest way to it, a line a step. */
  readonly violation?: Violation & { readonly trace: readonly string[] };
}

export interface ExploreOptions {
  readonly mostStates?: number;
  /** Milliseconds on any clock, for telling how long it took. */
  readonly stopwatch?: () => number;
}

const MOST_STATES = 2_000_000;

interface Visited {
  readonly state: State;
  readonly from: Visited | undefined;
  readonly label: () => string;
}

/**
 * Visits every state that a scenario can reach, the nearest first, and checks the invariants in each: the
 * first violation found is one of the shortest.
 */
export async function explore(
  product: ModelledProduct,
  scenario: Scenario,
  { mostStates = MOST_STATES, stopwatch = () => performance.now() }: ExploreOptions = {},
): Promise<Exploration> {
  const startedAt = stopwatch();
  const cast = castOf(product, scenario);
  const executions = new Executions(product, cast, scenario.tamper);
  const world = new World(scenario, cast, executions);
  const start = {
    state: await stateAtStart(product, scenario, cast, world),
    from: undefined,
    label: () => "",
  };
  const seen = new Set([keyOf(start.state)]);
  let layer: Visited[] = [start];
  let steps = 0;
  const report = (verdict: Exploration["verdict"]): Exploration => ({
    scenario: scenario.name,
    verdict,
    states: seen.size,
    steps,
    runs: executions.count,
    seconds: (stopwatch() - startedAt) / 1000,
  });
  const violated = (violation: Violation, at: Visited): Exploration => ({
    ...report("violation"),
    violation: { ...violation, what: withNames(violation.what, cast), trace: traceOf(at, cast) },
  });

  while (layer.length > 0) {
    const nextLayer: Visited[] = [];
    for (const visited of layer) {
      const next = await world.steps(visited.state);
      if (next.length === 0 && !isAtRest(visited.state))
        return violated({ invariant: "progress", what: "an operation waits for ever" }, visited);
      for (const step of next) {
        steps++;
        const reached = { state: step.state, from: visited, label: step.label };
        const ofStep = violationOfStep(visited.state, step.state, scenario.atOnce, cast);
        if (ofStep !== undefined) return violated(ofStep, reached);
        const key = keyOf(step.state);
        if (seen.has(key)) continue;
        seen.add(key);
        const ofState = violationOf(step.state, cast);
        if (ofState !== undefined) return violated(ofState, reached);
        nextLayer.push(reached);
      }
      if (seen.size > mostStates) return report("undecided");
    }
    layer = nextLayer;
  }
  return report("holds");
}

const isAtRest = ({ processes }: State): boolean =>
  processes.every(({ status }) => status === "answered" || status === "crashed");

/**
 * What happened before the operations: the same product, one operation after the other, nothing going wrong.
 */
async function stateAtStart(
  product: ModelledProduct,
  scenario: Scenario,
  cast: Cast,
  world: World,
): Promise<State> {
  const directory = Object.fromEntries(
    (scenario.directory ?? []).map((user) => [placeOf(USERS, user), user]),
  );
  let database: Database = { ...EMPTY, items: directory };
  let known: Known | undefined;
  for (const { agoMs, operation } of scenario.before) {
    const alone = { name: scenario.name, before: [], atOnce: [operation] };
    const earlier = new World(alone, cast, new Executions(product, cast, scenario.tamper));
    let state: State = { ...earlier.start(database, known), time: START - agoMs };
    while (!isAtRest(state)) state = first(await earlier.steps(state), operation).state;
    ({ database, ...known } = state);
  }
  return world.start({ ...database, applied: [] }, known);
}

function first([step]: readonly Step[], { name }: Operation): Step {
  if (step === undefined) throw new Error(`what came before does not come to its end: ${name}`);
  return step;
}

function traceOf(visited: Visited, cast: Cast): string[] {
  const trace: string[] = [];
  for (let at = visited; at.from !== undefined; at = at.from) trace.unshift(withNames(at.label(), cast));
  return trace;
}

/** A text with the names of logins in the place of the ids of their sessions. */
const withNames = (text: string, { sessions }: Cast): string =>
  sessions.reduce((named, { id, name }) => named.replaceAll(id, `<${name}>`), text);
