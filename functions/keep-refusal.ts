import type { ActivityRecord } from "../src/activity/activity.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { RandomBytes } from "../src/sessions/token.ts";
import { keepBriefly } from "./keep-briefly.ts";

/** What keeps refusals of logins; all but the writer is there anyway. */
export interface RefusalDependencies {
  /** `undefined` where activity is off. */
  readonly activity?: Pick<ActivityWriter, "put"> | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
}

const ID_BYTES = 32;

/** Keeps that a login was refused (rule 36). A failure is logged, and changes no answer. */
export async function keepRefusal(
  refusal: Omit<ActivityRecord, "id" | "at" | "kind"> & { readonly kind: "denied" | "throttled" },
  { activity, clock, random }: RefusalDependencies,
  record: CallRecord | undefined,
): Promise<void> {
  if (activity === undefined) return;
  const id = Buffer.from(random(ID_BYTES)).toString("base64url");
  await keepBriefly(activity, { ...refusal, id, at: clock() }, record, (error) => {
    const code = error instanceof Error ? error.name : "Error";
    record?.outbox({ problem: "activity-lost", code: `record: ${code}`, count: 1 }, error);
  });
}
