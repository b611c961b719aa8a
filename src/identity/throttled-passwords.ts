import type { DeviceId } from "../sessions/session.ts";
import type { AttemptOrigin, LoginThrottle } from "./login-throttle.ts";
import type { PasswordCredentials, PasswordOutcome, PasswordSource } from "./passwords.ts";

export interface LoginClient extends AttemptOrigin {
  /** The device to remember with the login: the one that the response's cookie names, where it sets one. */
  readonly rememberAs?: DeviceId | undefined;
}

export type ThrottledPasswordOutcome =
  | PasswordOutcome
  /** And from now on attempts have to wait. */
  | { readonly outcome: "refused"; readonly throttles: true }
  | { readonly outcome: "throttled"; readonly retryAfterSeconds: number };

/** The identity source `passwords` for everybody who can reach the API. */
export interface ThrottledPasswordSource {
  /**
   * Who the credentials are of. A throttled attempt checks no password, and is answered alike for users who
   * exist or not.
   * @throws StoreUnavailableError where the directory or the counters could not be asked; the attempt does
   * not count then.
   */
  authenticate(credentials: PasswordCredentials, client: LoginClient): Promise<ThrottledPasswordOutcome>;
}

/**
 * The password source behind the throttle. The attempt is settled as soon as the password was checked: what
 * becomes of the login afterwards (the session limit, a fault) is no failed password and counts as none.
 */
export function createThrottledPasswordSource(
  passwords: PasswordSource,
  throttle: LoginThrottle,
): ThrottledPasswordSource {
  return {
    async authenticate(credentials, client) {
      const admission = await throttle.admit(credentials.username, client);
      if (admission.outcome === "throttled")
        return { outcome: "throttled", retryAfterSeconds: Math.ceil(admission.waitMs / 1000) };
      const { attempt } = admission;

      let outcome: PasswordOutcome;
      try {
        outcome = await passwords.authenticate(credentials);
      } catch (fault) {
        // The fault that stopped the check is the one to tell; a count that stays is forgotten by time.
        await attempt.abandoned().catch(() => undefined);
        throw fault;
      }
      if (outcome.outcome === "refused")
        return attempt.throttles ? { outcome: "refused", throttles: true } : outcome;
      await attempt.succeeded();
      if (client.rememberAs === undefined) return outcome;
      const remember = throttle.remember(outcome.user.id, client.rememberAs);
      return { ...outcome, checks: [...outcome.checks, remember] };
    },
  };
}
