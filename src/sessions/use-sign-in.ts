import type { StartedSession } from "./attempt.ts";
import { channelFor } from "./channel.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { boundedDevice } from "./device.ts";
import { placeIn } from "./places.ts";
import { readPresented } from "./read.ts";
import { beginningSession, type Session } from "./session.ts";
import { boundSessionId, windowEnd } from "./sign-in.ts";
import type { LogInBySignInRequest, SignInUse, SignInValidation, UseSignInRequest } from "./sign-in-store.ts";
import { startSession } from "./start-session.ts";
import { readTraces, type Traces } from "./traces.ts";
import { answerBySecondLook, answerFor, findBySignIn, judgeTraces } from "./validate-sign-in.ts";

/** Answers by the sign-in's session; one that has none yet and may have one is admitted. */
export async function useSignIn(
  dependencies: StoreDependencies,
  request: UseSignInRequest,
): Promise<SignInUse> {
  const found = await findBySignIn(dependencies, request);
  return found.outcome === "may-be-admitted"
    ? admit(dependencies, request, found.traces, undefined)
    : answered(found);
}

/** The same, with the choices of a login, and its first two reads in one. */
export async function logInBySignIn(
  dependencies: StoreDependencies,
  request: LogInBySignInRequest,
): Promise<SignInUse> {
  const [traces, presented] = await Promise.all([
    readTraces(dependencies, request, ["session", "ending"]),
    readPresented(dependencies, request.presented),
  ]);
  // Never ended and made again, also where it is the one that the client presents.
  if (traces.session !== undefined) return answered(await answerFor(dependencies, request, traces.session));
  const found = await judgeTraces(dependencies, request, traces);
  return found.outcome === "may-be-admitted"
    ? admit(dependencies, request, found.traces, presented)
    : answered(found);
}

/**
 * Makes the session of a sign-in: an ordinary login under two more invariants, I7 and I8. A call that finds
 * the sign-in spent meanwhile answers by what there is now: the calls of one client come in parallel.
 */
async function admit(
  dependencies: StoreDependencies,
  request: LogInBySignInRequest,
  { roster }: Traces,
  presented: Session | undefined,
): Promise<SignInUse> {
  const { signIn, user, takeover = false, end = [] } = request;
  const policy = await request.policy();
  const own = channelFor(dependencies);
  const at = (now: number): Session => boundSession(dependencies, request, own, now);
  const fresh = { user, at, policy, takeover, end, presented, checks: [], signIn };
  const outcome = await startSession(dependencies, fresh, roster);
  switch (outcome.outcome) {
    case "started":
      // Its commit was answered: whatever it displaced is gone for every reader.
      dependencies.seenWhole.add(outcome.session.id);
      return admitted(outcome);
    case "sign-in-spent": {
      const found = await answerBySecondLook(dependencies, request);
      const { own } = outcome;
      return found.outcome === "live" && own !== undefined
        ? admitted({ ...own, session: found.session })
        : answered(found);
    }
    case "check-failed":
      throw new Error(`a commit without checks failed the check ${outcome.check}`);
    case "session-limit":
    case "too-old":
      return outcome;
  }
}

const admitted = ({ session, displaced, contention }: StartedSession): SignInUse => ({
  outcome: "live",
  session,
  admitted: true,
  displaced,
  ...(contention !== undefined && { contention }),
});

const answered = (found: SignInValidation): SignInUse =>
  found.outcome === "live" ? { ...found, admitted: false, displaced: [] } : found;

/** It expires when its sign-in's time is over, however late it was admitted. */
function boundSession(
  { settings }: StoreDependencies,
  { signIn, user, identitySource, device, from }: UseSignInRequest,
  own: Pick<Session, "channel">,
  now: number,
): Session {
  const seen = settings.places ? from?.() : undefined;
  return beginningSession(settings, now, {
    id: boundSessionId(settings.era, signIn),
    user,
    identitySource,
    device: boundedDevice(device),
    expiresAt: windowEnd(signIn, settings.timeouts),
    signedInAt: signIn.signedInAt,
    bound: true,
    ...(seen && { place: placeIn(seen) }),
    ...own,
  });
}
