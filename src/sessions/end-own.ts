import { commit, sessionIsLive } from "./commit.ts";
import { Contention } from "./contention.ts";
import { countsFromLogout } from "./counts-from.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { readRoster, readSession } from "./read.ts";
import { mayBeLive, type RosterEntry } from "./roster.ts";
import { isUnexpired, type Session } from "./session.ts";
import { sessionIdOf, type Credential } from "./sign-in.ts";
import type { EndOneOutcome, LogoutOutcome } from "./store.ts";
import type { SessionId } from "./token.ts";

type Ended = Pick<RosterEntry, "id" | "expiresAt" | "device">;

/**
 * Which sessions to end, out of those of the user that may be live; `undefined`: what was asked for is not
 * among them.
 */
type Choice = (own: Session, mayBeLive: readonly RosterEntry[]) => readonly Ended[] | undefined;

/** Whether sign-ins from before count any more (I8): not after all others were ended. */
type Leaves = "a-time" | "no-time";

/**
 * Ends the token's session, and with `logoutAllSessions` all of its user's. The presented session is always
 * among those to end, also where the roster no longer lists it: a logout that lost a race against a
 * displacing login then fails its condition and leaves the winner alone (I5).
 */
export async function logout(dependencies: StoreDependencies, token: Credential): Promise<LogoutOutcome> {
  const { logoutAllSessions } = dependencies.settings;
  const leaves = logoutAllSessions ? "a-time" : "no-time";
  const answer = await endOwn(dependencies, token, leaves, (own, others) =>
    logoutAllSessions ? [own, ...others.filter((entry) => entry.id !== own.id)] : [own],
  );
  return answer.outcome === "not-found" ? { outcome: "not-live" } : answer;
}

/** Ends one session of the token's own user. */
export function endOne(
  dependencies: StoreDependencies,
  token: Credential,
  sessionId: SessionId,
): Promise<EndOneOutcome> {
  return endOwn(dependencies, token, "no-time", (own, others) => {
    if (sessionId === own.id) return [own];
    const chosen = others.filter((entry) => entry.id === sessionId);
    return chosen.length > 0 ? chosen : undefined;
  });
}

/** Ends all sessions of the token's user but the token's own. */
export async function endOthers(dependencies: StoreDependencies, token: Credential): Promise<LogoutOutcome> {
  const answer = await endOwn(dependencies, token, "a-time", (own, others) =>
    others.filter((entry) => entry.id !== own.id),
  );
  return answer.outcome === "not-found" ? { outcome: "not-live" } : answer;
}

async function endOwn(
  dependencies: StoreDependencies,
  token: Credential,
  leaves: Leaves,
  choose: Choice,
): Promise<EndOneOutcome> {
  const { clock, settings, tableName } = dependencies;
  const own = await readSession(dependencies, sessionIdOf(token, settings.era));
  if (own === undefined || !isUnexpired(own, clock())) return { outcome: "not-live" };

  const contention = new Contention(dependencies, own.user.id);
  const { dead } = contention;
  let roster = await readRoster(dependencies, own.user.id);
  for (;;) {
    const now = clock();
    if (!isUnexpired(own, now)) return { outcome: "not-live" };
    const live = roster.entries.filter((entry) => !dead.has(entry.id) && mayBeLive(entry, settings.era, now));
    const chosen = choose(own, live);
    const isListed = live.some((entry) => entry.id === own.id);
    // The roster was read after the session, so a session that it does not list has ended since (I2), or is
    // just ending and still reads as live. To end it then waits for whatever ends it, and is refused.
    const ending = isListed || isAmong(own, chosen) ? chosen : [own];
    if (ending === undefined) return { outcome: "not-found" };

    const answer = await commit(dependencies, {
      userId: own.user.id,
      roster,
      now,
      end: ending.map(({ id, expiresAt, device }) => ({
        sessionId: id,
        userId: own.user.id,
        reason: "logged_out",
        endedAt: now,
        endedBy: own.user.id,
        endedDevice: device.label,
        expiresAt,
      })),
      drop: roster.entries.filter((entry) => !live.includes(entry)).map((entry) => entry.id),
      // A session displaced or revoked a moment ago must not end the others on its way out.
      checks: isAmong(own, ending) ? [] : [sessionIsLive(tableName, own.id, now)],
      countsFrom: leaves === "a-time" ? countsFromLogout(own, now) : undefined,
    });
    switch (answer.result) {
      case "committed":
        return { outcome: "ended", userId: own.user.id, sessionIds: ending.map((session) => session.id) };
      case "check-failed":
      case "sign-in-spent":
      case "signed-out":
        return { outcome: "not-live" };
      case "stale":
        if (answer.dead.includes(own.id)) return { outcome: "not-live" };
        roster = await contention.rosterAfter(roster, answer);
    }
  }
}

const isAmong = (own: Session, chosen: readonly Ended[] | undefined): boolean =>
  chosen?.some((session) => session.id === own.id) ?? false;
