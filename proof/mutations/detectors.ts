import { createHash } from "node:crypto";
import fc from "fast-check";
import { explore } from "../model/explore.ts";
import { loadProduct as loadModelledProduct } from "../model/product.ts";
import { SCENARIOS } from "../model/scenarios.ts";
import { loadProduct } from "../histories/product.ts";
import { PROFILES, type ProfileName } from "../histories/profiles.ts";
import { runRounds } from "../histories/run.ts";
import { createPlace } from "../interleavings/place.ts";
import { plans } from "../interleavings/plan.ts";
import { runPlan } from "../interleavings/run-plan.ts";

/**
 * What may catch a bug, none of them knowing of any: rounds of `prove` under one of its profiles and the
 * history checker; the deterministic interleavings of the store's requests; the explicit-state model.
 */
export type Detector = `prove ${ProfileName}` | "interleavings" | "model";

export interface Search {
  /** Of a DynamoDB Local. */
  readonly endpoint: string;
  readonly seed: string;
  /** Most rounds of `prove`. */
  readonly rounds: number;
  /** Most interleavings. */
  readonly runs: number;
}

/** What a detector found: which invariant, in a sentence, and after how much work. */
export interface Catch {
  readonly detector: Detector;
  readonly what: string;
  readonly after: string;
}

/** Nothing found, after so much work. */
export interface Miss {
  readonly detector: Detector;
  readonly what: undefined;
  readonly after: string;
}

/** Runs a detector on the product at `root` until it catches something, or has done all it is to do. */
export async function detect(detector: Detector, root: URL, search: Search): Promise<Catch | Miss> {
  if (detector === "interleavings") return detectByInterleavings(root, search);
  if (detector === "model") return detectByModel(root);
  return detectByRounds(detector, PROFILES[detector.slice("prove ".length) as ProfileName], root, search);
}

async function detectByRounds(
  detector: Detector,
  profile: (typeof PROFILES)[ProfileName],
  root: URL,
  { endpoint, seed, rounds }: Search,
): Promise<Catch | Miss> {
  const product = await loadProduct(root);
  const report = await runRounds({ seed, rounds, product, profile, endpoint });
  const [violation] = report.violations;
  const what = violation && `${violation.invariant}: ${firstLine(violation.explanation)}`;
  return { detector, what, after: `${report.rounds} rounds, ${report.operations} operations` };
}

async function detectByInterleavings(root: URL, { endpoint, seed, runs }: Search): Promise<Catch | Miss> {
  const product = await loadProduct(root);
  const place = await createPlace(endpoint);
  const property = fc.asyncProperty(plans, async (plan) => {
    await runPlan(product, place, plan);
  });
  // What is caught need not be made small here.
  const run = await fc.check(property, { numRuns: runs, seed: hash(seed), endOnFailure: true });
  const what = run.failed ? firstLine((run.errorInstance as Error).message) : undefined;
  return { detector: "interleavings", what, after: `${run.numRuns} interleavings` };
}

async function detectByModel(root: URL): Promise<Catch | Miss> {
  const product = await loadModelledProduct(root);
  let states = 0;
  for (const scenario of SCENARIOS.filter(({ deep }) => deep !== true)) {
    const result = await explore(product, scenario).catch(unlessUnknown);
    if (result === undefined)
      return { detector: "model", what: undefined, after: "nothing: it knows no index" };
    states += result.states;
    if (result.violation !== undefined) {
      const what = `${result.violation.invariant}: ${firstLine(result.violation.what)} (${scenario.name})`;
      return { detector: "model", what, after: `${states} states` };
    }
  }
  return { detector: "model", what: undefined, after: `${states} states` };
}

/** The model's database has no index to query. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof Error && error.message.startsWith("the model does not know"))) throw error;
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** fast-check's seeds are 32-bit numbers. */
const hash = (text: string): number => createHash("sha256").update(text).digest().readInt32BE();
