import type { LoginResponse } from "../src/api/login.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { sessionPolicyOf, type PolicyModule } from "../src/runtime/session-policy.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import { showDisplaced, showSession, showUser } from "../src/http/views.ts";
import { keepRefusal, type RefusalDependencies } from "./keep-refusal.ts";
import type { Identity } from "../src/identity/identity.ts";
import type { SessionPolicy } from "../src/sessions/policy.ts";
import type { SessionId } from "../src/sessions/token.ts";
import type { LoginOutcome, LoginRequest, SessionStore } from "../src/sessions/store.ts";

/** What the step from an identity to a session needs. */
export interface LoginStepDependencies extends RefusalDependencies {
  readonly store: Pick<SessionStore, "login">;
  readonly settings: Pick<FunctionSettings, "policy">;
  readonly policyModule: PolicyModule;
}

/** What a login may say about the sessions there are, as a request has it. */
export interface LimitChoice {
  readonly takeover?: boolean | undefined;
  readonly end?: readonly SessionId[] | undefined;
}

/**
 * What a login came to. At the limit it says what the policy does there: under `ask` the person may choose,
 * under `deny` not.
 */
export type LoginStepOutcome =
  | Exclude<LoginOutcome, { outcome: "session-limit" }>
  | (Extract<LoginOutcome, { outcome: "session-limit" }> & Pick<SessionPolicy, "atLimit">);

/**
 * The step that every way of signing in ends with, so that the session policy holds on each: asks the policy,
 * starts the session, and records the outcome.
 * @throws SessionPolicyFailedError, StoreUnavailableError
 */
export async function logInIdentity(
  { user, claims, identitySource, checks, signedInAt, signIn }: Identity,
  record: CallRecord,
  dependencies: LoginStepDependencies,
  client: Pick<LoginRequest, "device" | "place" | "presented"> & LimitChoice,
): Promise<LoginStepOutcome> {
  const { store, settings, policyModule } = dependencies;
  record.note({ userId: user.id });
  const policy = await sessionPolicyOf({ ...user, claims }, settings.policy, policyModule);
  const { takeover = false, end = [], ...rest } = client;
  const outcome = await store.login({
    ...{ user, identitySource, policy, checks, takeover, end, ...rest },
    ...(signedInAt !== undefined && { signedInAt }),
    ...(signIn && { signIn }),
  });
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "session-limit") {
    record.count("Denied");
    const denied = { kind: "denied", userId: user.id, identitySource, device: client.device } as const;
    await keepRefusal(denied, dependencies, record);
    return { ...outcome, atLimit: policy.atLimit };
  }
  if (outcome.outcome === "logged-in") recordStart(outcome, record);
  return outcome;
}

/** Says in the records that a session was started, and what that displaced. */
export function recordStart(
  {
    session,
    displaced,
    contention,
  }: Omit<Extract<LoginOutcome, { outcome: "logged-in" }>, "outcome" | "token">,
  record: CallRecord,
): void {
  record.note({ sessionId: session.id });
  record.count("Logins");
  record.count("Displaced", displaced.length);
  if (contention === undefined) return;
  record.count("SessionContention");
  record.contention({ userId: session.user.id, ...contention });
}

/** What a login answers, over HTTP and to a direct invocation alike; the token goes its own way. */
export function loginView({
  session,
  displaced,
}: Pick<Extract<LoginOutcome, { outcome: "logged-in" }>, "session" | "displaced">): Omit<
  LoginResponse,
  "token"
> {
  return {
    user: showUser(session.user),
    session: showSession(session),
    displaced: displaced.map(showDisplaced),
  };
}
