import { beforeAll, beforeEach } from "vitest";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import { startBound, type BoundFunctions } from "./bound-functions.ts";

/** Of the file that runs. */
export let bound: BoundFunctions;
/** Of the test that runs. */
export let user = "";

let count = 0;

/** Gives a file functions whose callers send access tokens, and each test a user of its own. */
export function eachWithOwnUser(): void {
  beforeAll(async () => {
    bound = await startBound();
  });
  beforeEach(() => {
    user = `user-${count++}`;
    bound.functions.recorded.clear();
  });
}

/** Lets a test have functions of another policy. */
export async function underPolicy(policy: SessionPolicy, act: () => Promise<void>): Promise<void> {
  bound = await startBound({}, policy);
  try {
    await act();
  } finally {
    // New ones: what is recorded is what the last started wrote.
    bound = await startBound();
  }
}

export const tick = (ms: number): void => bound.tick(ms);
export const signIn = (claim: string, more: object = {}): (() => Promise<string>) =>
  bound.signIn(user, claim, more);
export const call: BoundFunctions["call"] = (...sent) => bound.call(...sent);
export const authorize: BoundFunctions["authorize"] = (token) => bound.authorize(token);
