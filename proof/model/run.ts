import { explore, type Exploration, type ExploreOptions } from "./explore.ts";
import { HERE, loadProduct } from "./product.ts";
import { SCENARIOS } from "./scenarios.ts";
import { WEAKER } from "./weaker.ts";

export interface ModelOptions extends ExploreOptions {
  /** The checkout whose product is run; this one unless given. */
  readonly root?: URL;
  /** Also the scenarios that take minutes. */
  readonly deep?: boolean;
  /** Only the scenarios whose name contains this. */
  readonly only?: string;
  /** Called after each scenario. */
  readonly onExplored?: (exploration: Exploration) => void;
}

/** Explores the scenarios, one after the other; of a violation, each says the shortest way to it. */
export async function exploreAll(options: ModelOptions = {}): Promise<Exploration[]> {
  const { root = HERE, deep = false, only = "", onExplored } = options;
  const product = await loadProduct(root);
  const explorations: Exploration[] = [];
  for (const scenario of SCENARIOS) {
    if ((scenario.deep === true && !deep) || !scenario.name.includes(only)) continue;
    const exploration = await explore(product, scenario, options);
    explorations.push(exploration);
    onExplored?.(exploration);
  }
  return explorations;
}

/** Explores each weaker protocol in the scenario that shows what it lacks. */
export async function exploreWeaker({ root = HERE, onExplored }: ModelOptions = {}): Promise<Exploration[]> {
  const product = await loadProduct(root);
  const explorations: Exploration[] = [];
  for (const { name, scenario: where, tamper } of WEAKER) {
    const scenario = SCENARIOS.find((one) => one.name === where)!;
    const found = await explore(product, { ...scenario, tamper });
    const exploration = { ...found, scenario: `${name}: ${where}` };
    explorations.push(exploration);
    onExplored?.(exploration);
  }
  return explorations;
}

/** An exploration as a line, and the way to its violation as one line a step. */
export function showExploration({
  scenario,
  verdict,
  states,
  steps,
  seconds,
  violation,
}: Exploration): string {
  const line = `${verdict.padEnd(9)} ${String(states).padStart(8)} states ${String(steps).padStart(8)} steps ${seconds.toFixed(1).padStart(6)} s  ${scenario}`;
  if (violation === undefined) return line;
  const trace = violation.trace.map((step, index) => `  ${index + 1}. ${step}`);
  return [line, `  ${violation.invariant}: ${violation.what}`, ...trace].join("\n");
}
