import { toSessionPolicy, type PolicyUser, type SessionPolicy } from "../sessions/policy.ts";
import type { FunctionSettings } from "./function-settings.ts";

/** What `#session-policy` is bound to: the module with the policy function, or an empty one. */
export type PolicyModule = Readonly<Record<string, unknown>>;

/**
 * A policy function that threw or answered nonsense. The login is refused with 500: a broken rule lets nobody
 * in.
 */
export class SessionPolicyFailedError extends Error {
  override readonly name = "SessionPolicyFailedError";
}

/**
 * The session policy of a user: the one of the settings, or what the policy function says.
 * @throws {@link SessionPolicyFailedError} where the function is missing, throws or answers what is no
 * policy.
 */
export async function sessionPolicyOf(
  user: PolicyUser,
  setting: FunctionSettings["policy"],
  policyModule: PolicyModule,
): Promise<SessionPolicy> {
  if (!("policyExport" in setting)) return setting;
  const name = setting.policyExport;
  const decide = policyModule[name];
  if (typeof decide !== "function") {
    throw new SessionPolicyFailedError(`the policy module exports no function ${JSON.stringify(name)}`);
  }
  try {
    // A copy: what the function does to its argument must not change who signs in.
    return toSessionPolicy(await (decide as (user: PolicyUser) => unknown)(structuredClone(user)));
  } catch (cause) {
    throw new SessionPolicyFailedError(`the policy function ${JSON.stringify(name)} failed`, { cause });
  }
}
