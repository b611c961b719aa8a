import type { ActivityRecord } from "../src/activity/activity.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import { withinAtMost } from "../src/dynamodb/time-left.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { RandomBytes } from "../src/sessions/token.ts";

/** What keeps refusals of logins; all but the writer is there anyway. */
export interface RefusalDependencies {
  /** `undefined` where activity is off. */
  readonly activity?: Pick<ActivityWriter, "put"> | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
}

/** Somebody waits for the answer. */
const PATIENCE_MS = 200;
const ID_BYTES = 32;

/** Keeps that a login was refused (rule 36). A failure is logged, and changes no answer. */
export async function keepRefusal(
  refusal: Omit<ActivityRecord, "id" | "at" | "kind"> & { readonly kind: "denied" | "throttled" },
  { activity, clock, random }: RefusalDependencies,
  record: CallRecord | undefined,
): Promise<void> {
  if (activity === undefined) return;
  const id = Buffer.from(random(ID_BYTES)).toString("base64url");
  try {
    await settledIn(
      PATIENCE_MS,
      withinAtMost(PATIENCE_MS, () => activity.put({ ...refusal, id, at: clock() })),
    );
  } catch (error) {
    const code = error instanceof Error ? error.name : "Error";
    record?.count("ActivityLost");
    record?.outbox({ problem: "activity-lost", code: `record: ${code}`, count: 1 }, error);
  }
}

/** A connection that does not come about takes longer than a request may. */
async function settledIn(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DOMException("it took too long", "TimeoutError")), milliseconds);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    // What comes later changes nothing.
    promise.catch(() => undefined);
  }
}
