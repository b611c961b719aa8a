import type { ActivityRecord } from "../activity/activity.ts";
import { withinAtMost } from "../dynamodb/time-left.ts";
import type { OutboxDependencies } from "./dependencies.ts";
import type { SessionEvent } from "./events.ts";

/** All of it together. Events wait behind it, and it is not worth that they wait long. */
const PATIENCE_MS = 3000;

/**
 * Keeps what events told for people to read (rule 34). It fails no batch: what could not be kept is lost, but
 * for counts, which a recount finds again. Events that are told again are known by their ids.
 * @returns how much was lost.
 */
export async function keepActivity(
  { activity, onProblem, stopwatch }: Pick<OutboxDependencies, "activity" | "onProblem" | "stopwatch">,
  events: readonly SessionEvent[],
): Promise<number> {
  const records = events.flatMap(toActivity);
  if (activity === undefined || records.length === 0) return 0;
  const { lost } = await withinAtMost(PATIENCE_MS, () => activity.putAll(records), stopwatch);
  for (const { what, records: some, error } of lost) {
    const name = error instanceof Error ? error.name : "Error";
    const sessionId = some[0]?.sessionId;
    onProblem({
      problem: "activity-lost",
      code: `${what}: ${name}`,
      error,
      ...(sessionId !== undefined && { sessionId }),
    });
  }
  return lost.length;
}

/** The record of an event: of each session's one, with the event's own id. */
function toActivity(event: SessionEvent): ActivityRecord[] {
  if (event.kind === "events-lost") return [];
  const { id, time, userId, sessionId, identitySource, device } = event;
  const common = { id, at: Date.parse(time), userId, sessionId, identitySource, device };
  switch (event.kind) {
    case "started":
      return [{ ...common, kind: "started" }];
    case "ended": {
      const { reason, by, startedAt } = event;
      const ended = { reason, ...(by !== undefined && { by }), startedAt: Date.parse(startedAt) };
      return [{ ...common, kind: "ended", ...ended }];
    }
    case "contention": {
      const { devices, displacements: times, suspicion } = event;
      return [{ ...common, kind: "contention", devices, suspicion, times }];
    }
    case "suspected": {
      const { devices, switches: times } = event;
      return [{ ...common, kind: "suspected", devices, suspicion: "places", times }];
    }
  }
}
