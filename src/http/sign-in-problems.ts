import type { AccessToken, AccessTokens } from "../identity/access-token.ts";
import { refusalFields } from "../identity/token-refusal.ts";
import type { CallRecord } from "../runtime/telemetry.ts";
import type { SignInUse } from "../sessions/sign-in-store.ts";
import { endedProblem, notLive, notLiveProblem } from "./not-live.ts";
import { unauthorized, type Problem } from "./problem.ts";
import { ProviderUnavailableError } from "./provider-unavailable.ts";
import { sessionLimitProblem, type AtTheLimit } from "./session-limit.ts";
import { toIsoTime } from "./views.ts";

/**
 * The verified token, or the 401, whose reason is in the log alone. Nothing is read of any table.
 * @param options see {@link AccessTokens.verify}.
 * @throws ProviderUnavailableError where the provider's keys could not be had: that is 503.
 */
export async function verifyAccessToken(
  text: string,
  accessTokens: Pick<AccessTokens, "verify">,
  record: CallRecord | undefined,
  options: Parameters<AccessTokens["verify"]>[1],
): Promise<AccessToken | Problem> {
  const verification = await accessTokens.verify(text, options);
  switch (verification.outcome) {
    case "verified":
      return verification.token;
    case "refused": {
      record?.note(refusalFields(verification.reason, "access-token"));
      const detail = "The access token is not accepted, or not any more.";
      return unauthorized("invalid_access_token", { detail }, { tokenPresented: true });
    }
    case "unavailable":
      throw new ProviderUnavailableError(verification.cause);
  }
}

/** What there is of a sign-in; at the limit, what the policy does there as well. */
export type BoundFound =
  | Exclude<SignInUse, { outcome: "session-limit" }>
  | (Extract<SignInUse, { outcome: "session-limit" }> & AtTheLimit);

/**
 * Why a sign-in has no session. Where it was one, or is too old for one, a refreshed token is of the same
 * sign-in, and so is what a provider gives in a silent redirect: a client that repeats those goes in circles.
 */
export function signInProblem(found: Exclude<BoundFound, { outcome: "live" }>): Problem {
  switch (found.outcome) {
    case "expired":
      return needingSignIn(
        notLive("session_expired", "The session expired.", { endedAt: toIsoTime(found.expiredAt) }),
      );
    case "ended":
      return needingSignIn(endedProblem(found.ending));
    case "too-old": {
      const { reason, countsFrom, by } = found;
      const isDevice = reason === "displaced";
      return needingSignIn(
        endedProblem({ reason, endedAt: countsFrom, ...(isDevice && { displacedByDevice: by }) }),
      );
    }
    case "unknown":
      return notLiveProblem(found);
    case "session-limit":
      return sessionLimitProblem(found);
  }
}

const ADVICE =
  "Sign in again at the identity provider, with prompt=login: a refreshed token is of the same sign-in.";

/** With the advice, and the member that says so to code. */
export function needingSignIn(refusal: Problem): Problem {
  const { body } = refusal;
  return { ...refusal, body: { ...body, detail: `${body.detail} ${ADVICE}`, newSignIn: true } };
}
