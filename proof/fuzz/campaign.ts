import type { Failure, Fuzzer } from "./fuzzer.ts";
import type { Lane } from "./lanes.ts";

/** How much of what is tried. */
export interface CampaignOptions {
  readonly lanes: readonly Lane[];
  readonly seed: number;
  /** In all lanes together. */
  readonly inputs: number;
  /** fast-check's way to one input of the seed; tries that one again. */
  readonly path?: string;
  /** Asked before each portion: whether to stop here. */
  readonly stopped?: () => boolean;
  /** Told after each portion how many inputs were sent. */
  readonly progress?: (sent: number) => void;
}

export interface CampaignResult {
  readonly sent: number;
  readonly failure: Failure | undefined;
}

/** Inputs of one lane in a row; portion after portion the lanes take turns. */
export const PORTION = 50;
/** Portions have seeds of their own, and so the seeds of runs are this far apart. */
export const SEED_STEP = 1_000_000;

/**
 * Tries inputs until there are enough, one fails, or it is stopped. The same seed gives the same inputs in
 * the same order.
 */
export async function runCampaign(fuzzer: Fuzzer, options: CampaignOptions): Promise<CampaignResult> {
  const { lanes, seed, inputs, path, stopped = () => false, progress = () => undefined } = options;
  let sent = 0;
  for (let portion = 0; sent < inputs && !stopped(); portion++) {
    const lane = lanes[portion % lanes.length];
    if (lane === undefined) break;
    const size = Math.min(PORTION, inputs - sent);
    const failure = await fuzzer.run(lane, {
      seed: path === undefined ? seed + portion : seed,
      inputs: size,
      ...(path !== undefined && { path }),
    });
    sent += size;
    progress(sent);
    if (failure !== undefined) return { sent, failure };
  }
  return { sent, failure: undefined };
}

/** The command that tries the failed input again. */
export const reproduction = ({ lane, seed, path }: Failure): string =>
  `npm run fuzz -- --lane ${lane} --seed ${seed} --path ${path} --inputs ${PORTION}`;
