import type { StoreDependencies } from "./dependencies.ts";
import { channelFor } from "./channel.ts";
import { boundedDevice } from "./device.ts";
import type { LoginSignInRefusal } from "./login-sign-in.ts";
import { readPresented, readRoster } from "./read.ts";
import type { Roster } from "./roster.ts";
import { beginningSession, type Session } from "./session.ts";
import { startSession } from "./start-session.ts";
import type { LoginOutcome, LoginRequest } from "./store.ts";
import { SessionToken } from "./token.ts";
import { readTraces, refusalByTimes } from "./traces.ts";

/**
 * Starts a session for a user whom an identity source vouched for (design section 4; I4 to I6). Made of a
 * sign-in whose access tokens count, it spends that (I7, I8).
 */
export async function login(dependencies: StoreDependencies, request: LoginRequest): Promise<LoginOutcome> {
  const { settings, random } = dependencies;
  const { user, policy, takeover = false, end = [], checks = [], signIn } = request;
  const token = SessionToken.generate(random);
  const id = token.sessionId(settings.era);
  const [found, presented] = await Promise.all([
    readSituation(dependencies, request),
    readPresented(dependencies, request.presented),
  ]);
  if (found.outcome !== "may-log-in") return found;
  const own = { id, ...channelFor(dependencies) };
  const at = (now: number): Session => newSession(dependencies, request, own, now);
  const fresh = { user, at, policy, takeover, end, presented, checks, signIn: signIn?.signIn };
  const outcome = await startSession(dependencies, fresh, found.roster);
  switch (outcome.outcome) {
    case "started":
      return { ...outcome, outcome: "logged-in", token };
    case "sign-in-spent":
      if (outcome.own === undefined) return { outcome: "sign-in-spent" };
      return { ...outcome.own, outcome: "logged-in", token };
    case "session-limit":
    case "check-failed":
    case "too-old":
      return outcome;
  }
}

/**
 * The user's roster. The commit decides about a sign-in, too; it is looked at before, so that a displaced
 * client with a refreshed id token is not told of sessions at the limit, as one with right credentials is.
 */
async function readSituation(
  dependencies: StoreDependencies,
  { user, signIn }: LoginRequest,
): Promise<{ readonly outcome: "may-log-in"; readonly roster: Roster } | LoginSignInRefusal> {
  if (signIn === undefined) return { outcome: "may-log-in", roster: await readRoster(dependencies, user.id) };
  const traces = await readTraces(dependencies, signIn, []);
  if (traces.isSpent) return { outcome: "sign-in-spent" };
  const refusal = refusalByTimes(dependencies, { ...signIn, user }, traces);
  return refusal ?? { outcome: "may-log-in", roster: traces.roster };
}

function newSession(
  { settings }: StoreDependencies,
  { user, identitySource, device, place, signIn, signedInAt = signIn?.signIn.signedInAt }: LoginRequest,
  own: Pick<Session, "id" | "channel">,
  now: number,
): Session {
  return beginningSession(settings, now, {
    ...own,
    user,
    identitySource,
    device: boundedDevice(device),
    ...(settings.places && place && { place }),
    expiresAt: now + settings.timeouts.absolute,
    ...(signedInAt !== undefined && { signedInAt }),
  });
}
