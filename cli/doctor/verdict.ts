import type { Patient } from "./patient.ts";

/** What a check says. `skipped`: it does not apply to this stack. */
export type Level = "ok" | "warn" | "fail" | "skipped";

export interface Verdict {
  readonly level: Level;
  /** What was seen, for people; never a secret. */
  readonly seen: string;
  /** One line of what to do about it. */
  readonly todo?: string;
}

/** One thing to be looked at. It reads, and changes nothing. */
export interface DoctorCheck {
  readonly name: string;
  /** What it needs that a local stack has not: then it is skipped there. */
  readonly deployedOnly?: true;
  /** May throw: what it could not look at is a warning with the reason. */
  run(patient: Patient): Promise<Verdict>;
}

export const ok = (seen: string): Verdict => ({ level: "ok", seen });
export const warn = (seen: string, todo: string): Verdict => ({ level: "warn", seen, todo });
export const fail = (seen: string, todo: string): Verdict => ({ level: "fail", seen, todo });
export const skipped = (seen: string): Verdict => ({ level: "skipped", seen });
