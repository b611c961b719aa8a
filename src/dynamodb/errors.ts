/**
 * What a fault left behind: `none`, nothing was changed; `unknown`, the database took a write and its answer
 * was lost.
 */
export type FaultEffect = "none" | "unknown";

/**
 * DynamoDB could not be asked, refused for load or conflict until the attempts ran out, or never answered.
 * Callers answer 503 with `Retry-After`, never 401 and never a yes (the design's "failing closed"; invariant
 * I6 for `effect`).
 */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
  readonly effect: FaultEffect;
  readonly retryAfterSeconds: number;

  constructor(
    message: string,
    options: { readonly effect: FaultEffect; readonly retryAfterSeconds?: number; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.effect = options.effect;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
