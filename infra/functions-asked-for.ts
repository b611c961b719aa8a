import {
  ACTIVITY,
  FUNCTION_IDS,
  LOGIN_OIDC,
  OUTBOX,
  PUSH_AUTHORIZE,
  RECOUNT,
  JOBS,
  RUN_JOB,
  type FunctionId,
} from "./function-ids.ts";
import type { Settings } from "./settings/settings.ts";

/** The functions that settings ask for: those that calls of the API lead to, and the others. */
export function functionIdsOf({ identity, events, jobs }: Pick<Settings, "identity" | "events" | "jobs">): {
  readonly called: readonly FunctionId[];
  readonly others: readonly FunctionId[];
} {
  const hasFlow = identity.oidc.some(({ flow }) => flow);
  const [hasActivity, hasPush] = [events?.activity === true, events?.push === true];
  const where = (isOn: boolean, id: FunctionId): readonly FunctionId[] => (isOn ? [id] : []);
  return {
    called: [
      ...FUNCTION_IDS,
      ...where(hasFlow, LOGIN_OIDC),
      ...where(hasActivity, ACTIVITY),
      ...where(jobs, JOBS),
    ],
    others: [
      ...where(events !== undefined, OUTBOX),
      ...where(hasPush, PUSH_AUTHORIZE),
      ...where(hasActivity, RECOUNT),
      ...where(jobs, RUN_JOB),
    ],
  };
}
