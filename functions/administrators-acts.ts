import { MOST_TARGETS, type ActivityRecord, type AdministratorsAct } from "../src/activity/activity.ts";
import type { ActivityWriter } from "../src/activity/store.ts";
import type { Call } from "../src/http/endpoint.ts";
import type { RandomBytes } from "../src/sessions/token.ts";
import { keepBriefly } from "./keep-briefly.ts";

/** What was done to others, or was refused: what the audit lines of the same call say. */
export interface Act extends Pick<AdministratorsAct, "action" | "actor" | "outcome"> {
  /** User ids: all of them. */
  readonly targets: readonly string[];
  /** How many they are, where they are not all at hand. */
  readonly targetCount?: number | undefined;
  readonly sessionId?: string | undefined;
  readonly sessionCount?: number | undefined;
  readonly reason?: string | undefined;
}

/** The call that an act is of. */
export type ActingCall = Pick<Call<unknown>, "record" | "requestId">;

/** Keeps a record of an act, where activity is on: it fails nothing, and takes 200 ms at most. */
export type KeepAct = (call: ActingCall, act: Act) => Promise<void>;

/** A record of many long ids would cost as much as a thousand others. */
const MOST_TARGETS_BYTES = 4096;
const ID_BYTES = 16;

/** @param clock epoch milliseconds. */
export function createActKeeper(
  writer: Pick<ActivityWriter, "put">,
  { clock, random }: { readonly clock: () => number; readonly random: RandomBytes },
): KeepAct {
  return async ({ record, requestId = "unknown" }, act) => {
    const { action, actor, outcome, targets, sessionId, sessionCount, reason } = act;
    const { targetCount = targets.length } = act;
    const [target, ...others] = targets;
    const activity: ActivityRecord = {
      id: Buffer.from(random(ID_BYTES)).toString("base64url"),
      at: clock(),
      kind: "administered",
      ...(target !== undefined && others.length === 0 && { userId: target }),
      ...(sessionId !== undefined && { sessionId }),
      act: {
        action,
        actor,
        outcome,
        targets: someOf(targets),
        targetCount,
        ...(sessionCount !== undefined && { sessionCount }),
        ...(reason !== undefined && { reason }),
        requestId,
      },
    };
    await keepBriefly(writer, activity, record, (error) =>
      record.activityLost({ kind: activity.kind, id: activity.id }, error),
    );
  };
}

/** As many as a record names. */
function someOf(targets: readonly string[]): string[] {
  const some: string[] = [];
  let bytes = 0;
  for (const target of targets.slice(0, MOST_TARGETS)) {
    bytes += Buffer.byteLength(target);
    if (bytes > MOST_TARGETS_BYTES) break;
    some.push(target);
  }
  return some;
}
