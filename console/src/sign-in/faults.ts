import type { ApiProblem } from "../api/call.ts";
import { failureText } from "../api/failure-text.ts";
import type { Texts } from "../texts/en.ts";

/** What was wrong with a sign-in, each beside what it is about. */
export interface SignInFaults {
  readonly username?: string;
  readonly password?: string;
  /** Epoch milliseconds: too many attempts were made, and no more are taken before. */
  readonly throttledUntil?: number;
  /** Not about one of the fields. */
  readonly failure?: string;
}

export const NO_FAULTS: SignInFaults = {};

/** Seconds, where a 429 does not say how long. */
const DEFAULT_WAIT = 30;

/** The refusal of a sign-in; `now` is epoch milliseconds. */
export function readRefusal(problem: ApiProblem, texts: Texts, now: number): SignInFaults {
  if (problem.code === "invalid_credentials") return { password: texts.signIn.wrong };
  if (problem.status === 429) return { throttledUntil: now + (problem.retryAfter ?? DEFAULT_WAIT) * 1000 };
  const pointers = problem.errors.map((error) => ("pointer" in error ? error.pointer : ""));
  const faults: SignInFaults = {
    ...(pointers.includes("#/username") && { username: texts.signIn.badUserName }),
    ...(pointers.includes("#/password") && { password: texts.signIn.badPassword }),
  };
  return faults.username === undefined && faults.password === undefined
    ? { failure: failureText({ outcome: "refused", problem }, texts) }
    : faults;
}
