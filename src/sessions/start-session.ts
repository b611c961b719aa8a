import {
  isCommitted,
  newAttempt,
  ownOf,
  startedBy,
  type Attempt,
  type NewSession,
  type StartedSession,
} from "./attempt.ts";
import { commit } from "./commit.ts";
import { Contention } from "./contention.ts";
import { signedInAtOf, tooOldByRoster, tooOldBySignOut, type SignInTooOld } from "./counts-from.ts";
import { decideLogin, type LoginDecision } from "./decide-login.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { inUseAmong } from "./in-use.ts";
import { readRosterWithSessions } from "./read.ts";
import type { Roster, RosterEntry } from "./roster.ts";
import type { Session } from "./session.ts";
import { nonceIn, toSignOut } from "./spend-sign-in.ts";
import type { SessionId } from "./token.ts";

export type StartOutcome =
  | ({ readonly outcome: "started" } & StartedSession)
  | { readonly outcome: "session-limit"; readonly sessions: readonly Session[] }
  | { readonly outcome: "check-failed"; readonly check: string }
  | SignInTooOld
  /** A session was made of the sign-in before; `own`: by this very call, as the mark tells. */
  | { readonly outcome: "sign-in-spent"; readonly own: StartedSession | undefined };

/**
 * Decides and commits until the session is there or is refused (design section 4; I4 to I8). The session id
 * stays the same through all attempts, so that a roster which lists it tells that an earlier attempt, whose
 * answer was lost, took effect. What a bound session's roster lists may be of another call: the mark tells
 * there.
 */
export async function startSession(
  dependencies: StoreDependencies,
  fresh: NewSession,
  firstRoster: Roster,
): Promise<StartOutcome> {
  const { user } = fresh;
  const contention = new Contention(dependencies, user.id);
  const { dead } = contention;
  const attempts: Attempt[] = [];
  let roster = firstRoster;
  let sessions: ReadonlyMap<SessionId, Session> | undefined;

  for (;;) {
    const taken = attempts.findLast((attempt) => isCommitted(attempt, roster));
    if (taken !== undefined) return { outcome: "started", ...startedBy(taken) };
    // In each attempt again: the roster that the commit moves is the one that counts.
    const tooOld = fresh.signIn && tooOldByRoster(roster, fresh.signIn);
    if (tooOld !== undefined) return tooOld;

    // Never the same time twice: it tells this login's attempts apart (see `isCommitted`).
    const now = Math.max(dependencies.clock(), (attempts.at(-1)?.session.createdAt ?? 0) + 1);
    const session = fresh.at(now);
    // Read beside the commit of another call of the same sign-in: its mark was not visible yet.
    if (attempts.length === 0 && isListed(session, roster)) return SPENT_ELSEWHERE;
    const decision = decide(dependencies, fresh, { session, roster, sessions, dead });
    if (decision.decision === "read-sessions") {
      ({ roster, sessions } = await readRosterWithSessions(dependencies, user.id, roster));
      continue;
    }
    if (decision.decision === "refuse") return { outcome: "session-limit", sessions: decision.sessions };
    if (decision.decision === "older") return olderThan(decision.than);

    const inUse = await inUseAmong(dependencies, { displaced: decision.displace, sessions, by: session });
    const attempt = newAttempt(dependencies, fresh, { session, roster, decision, dead, inUse });
    attempts.push(attempt);

    const answer = await commit(dependencies, attempt.change);
    switch (answer.result) {
      case "committed":
        return { outcome: "started", ...startedBy(attempt) };
      case "check-failed":
        return { outcome: "check-failed", check: answer.check };
      case "sign-in-spent":
        return { outcome: "sign-in-spent", own: ownOf(attempts, nonceIn(answer.mark)) };
      case "signed-out":
        return signedOut(answer.signOut, fresh);
      case "stale": {
        // By another call of the same sign-in; only a mark that is missing lets a commit get here.
        if (answer.isAdded && session.bound === true) return SPENT_ELSEWHERE;
        const next = await contention.rosterAfter(roster, answer);
        // What was read of the sessions belongs to the roster it was read with.
        if (next !== roster) sessions = undefined;
        roster = next;
      }
    }
  }
}

function decide(
  { settings }: StoreDependencies,
  { presented, policy, takeover, end }: NewSession,
  {
    session,
    roster,
    ...known
  }: {
    readonly session: Session;
    readonly roster: Roster;
    readonly sessions: ReadonlyMap<SessionId, Session> | undefined;
    readonly dead: ReadonlySet<SessionId>;
  },
): LoginDecision {
  return decideLogin({
    ...known,
    // Whether it is there already is not decided here: a commit cannot end the session that it makes.
    roster: { ...roster, entries: roster.entries.filter(({ id }) => id !== session.id) },
    presentedId: presented?.id,
    device: session.device,
    policy,
    takeover,
    end,
    era: settings.era,
    now: session.createdAt,
    notNewerThan: session.bound === true ? signedInAtOf(session) : undefined,
  });
}

const isListed = ({ id }: Session, { entries }: Roster): boolean => entries.some((entry) => entry.id === id);

const SPENT_ELSEWHERE = { outcome: "sign-in-spent", own: undefined } as const;

const olderThan = (newer: RosterEntry): SignInTooOld => ({
  outcome: "too-old",
  reason: "displaced",
  countsFrom: signedInAtOf(newer),
  by: newer.device.label,
});

function signedOut(item: Record<string, unknown> | undefined, { user, signIn }: NewSession): SignInTooOld {
  const tooOld = signIn && tooOldBySignOut(toSignOut(item), signIn, user);
  if (tooOld === undefined) throw new Error("the check of the sign-out item failed, and the item passes it");
  return tooOld;
}
