import type { Detector } from "./detectors.ts";

/** A place in the product's source that a mutation changes. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Must occur exactly once, so that no refactoring disarms the mutation unseen. */
  readonly find: string;
  readonly replace: string;
}

/** A bug of the protocol that must not go unseen. */
export interface Mutation {
  readonly name: string;
  /** What it is in the real world, and who had it. */
  readonly about: string;
  readonly patches: readonly Patch[];
  /** Where it shows soonest; tried in this order. */
  readonly caughtBy: readonly [Detector, ...Detector[]];
}
