/**
 * The settings of the stack under load: some users with one session and some with three, so that every
 * operation finds something to do, and an idle timeout short enough for activity to be recorded (every tenth
 * of it) many times in a run.
 */
export const LOAD_SETTINGS: Readonly<Record<string, string>> = {
  singleUserSession: "./proof/load/policy.ts#threeForSome",
  idleTimeout: "5m",
  reauthWithin: "none",
};
