import { beforeEach } from "vitest";
import type { SignInStore } from "../../../src/sessions/sign-in-store.ts";
import type { SignIn } from "../../../src/sessions/sign-in.ts";
import type { LoginOutcome, SessionStore } from "../../../src/sessions/store.ts";
import { ANN, createSignInWorld, signIn, type SignInWorld } from "../../support/sign-ins.ts";
import { loginRequest } from "../../support/store.ts";

/** Of the test that runs. */
export let world: SignInWorld;
export let store: SessionStore;
export let signIns: SignInStore;

/** Gives each test of a file stores over tables of their own. */
export function eachInOwnWorld(): void {
  beforeEach(async () => {
    world = await createSignInWorld();
    ({ store, signIns } = world);
  });
}

export const TWO = { limit: 2, atLimit: "displace" } as const;
export const SECOND = 1000;

export const at = (claim: string, agoMs = 0): SignIn => signIn(world.clock, claim, { agoMs });
export const logInBy = (
  one: SignIn,
  more: Partial<Parameters<typeof loginRequest>[1]> = {},
): Promise<LoginOutcome> => store.login(loginRequest(ANN, { signIn: { signIn: one }, ...more }));
export const revoke = (from = store, more: object = {}): ReturnType<SessionStore["revoke"]> =>
  from.revoke({ userIds: [ANN], revokedBy: "admin", ...more });
