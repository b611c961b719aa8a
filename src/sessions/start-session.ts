import { noteDisplacements, type SessionContention } from "./account-sharing.ts";
import { commit, type Commit, type CommitCheck } from "./commit.ts";
import { Contention } from "./contention.ts";
import {
  countsFromLogin,
  signedInAtOf,
  tooOldByRoster,
  tooOldBySignOut,
  type SignInTooOld,
} from "./counts-from.ts";
import { decideLogin, type LoginDecision } from "./decide-login.ts";
import { signInTableOf, type StoreDependencies } from "./dependencies.ts";
import type { Ending, EndReason } from "./ending.ts";
import type { SessionPolicy } from "./policy.ts";
import { readRosterWithSessions } from "./read.ts";
import type { Roster, RosterEntry } from "./roster.ts";
import type { Session, User } from "./session.ts";
import type { SignIn } from "./sign-in.ts";
import { nonceIn, toSignOut } from "./spend-sign-in.ts";
import type { DisplacedSession } from "./store.ts";
import type { SessionId } from "./token.ts";

/** A session to be started: by a login, or by the admission of a sign-in. */
export interface NewSession {
  readonly user: User;
  /** The session, were it created at this time. Its id is always the same. */
  readonly at: (now: number) => Session;
  readonly policy: SessionPolicy;
  readonly takeover: boolean;
  readonly end: readonly SessionId[];
  /** The live session that the client came with, whoever's it is. */
  readonly presented: Session | undefined;
  readonly checks: readonly CommitCheck[];
  /** The sign-in that the session is made of, where the commit spends it. */
  readonly signIn: SignIn | undefined;
}

/** A session that was started, and what that changed. */
export interface StartedSession {
  readonly session: Session;
  readonly displaced: readonly DisplacedSession[];
  readonly contention?: SessionContention;
}

export type StartOutcome =
  | ({ readonly outcome: "started" } & StartedSession)
  | { readonly outcome: "session-limit"; readonly sessions: readonly Session[] }
  | { readonly outcome: "check-failed"; readonly check: string }
  | SignInTooOld
  /** A session was made of the sign-in before; `own`: by this very call, as the mark tells. */
  | { readonly outcome: "sign-in-spent"; readonly own: StartedSession | undefined };

/** One attempt: the session it would create and what else it would change. */
interface Attempt {
  readonly session: Session;
  readonly displaced: readonly RosterEntry[];
  readonly contention: SessionContention | undefined;
  readonly change: Commit;
}

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
    // Each time anew: the roster that the commit moves is the one that counts.
    const tooOld = fresh.signIn && tooOldByRoster(roster, fresh.signIn);
    if (tooOld !== undefined) return tooOld;

    // Never the same time twice: it tells this login's attempts apart (see `isCommitted`).
    const now = Math.max(dependencies.clock(), (attempts.at(-1)?.session.createdAt ?? 0) + 1);
    const session = fresh.at(now);
    const decision = decide(dependencies, fresh, { session, roster, sessions, dead });
    if (decision.decision === "read-sessions") {
      ({ roster, sessions } = await readRosterWithSessions(dependencies, user.id, roster));
      continue;
    }
    if (decision.decision === "refuse") return { outcome: "session-limit", sessions: decision.sessions };
    if (decision.decision === "older") return olderThan(decision.than);

    const attempt = newAttempt(dependencies, fresh, { session, roster, decision, dead });
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
        if (answer.isAdded && session.bound === true) return { outcome: "sign-in-spent", own: undefined };
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

/** What a session that was admitted would change. */
function newAttempt(
  dependencies: StoreDependencies,
  { policy, takeover, checks, presented, signIn }: NewSession,
  {
    session,
    roster,
    decision,
    dead,
  }: {
    readonly session: Session;
    readonly roster: Roster;
    readonly decision: Extract<LoginDecision, { decision: "admit" }>;
    readonly dead: ReadonlySet<SessionId>;
  },
): Attempt {
  const { user, createdAt: now } = session;
  const isOtherUsers = presented !== undefined && presented.user.id !== user.id && !dead.has(presented.id);
  const sharing = noteDisplacements(roster.displacements, decision.displace, session.device, now);
  return {
    session,
    displaced: decision.displace,
    contention: sharing.contention,
    change: {
      userId: user.id,
      roster,
      now,
      add: session,
      end: [
        ...decision.displace.map((entry) => ending(entry, user.id, "displaced", session)),
        ...decision.logOut.map((entry) => ending(entry, user.id, "logged_out", session)),
        ...(isOtherUsers ? [ending(presented, presented.user.id, "logged_out", session)] : []),
      ],
      drop: decision.drop,
      checks,
      displacements: sharing.displacements,
      countsFrom: countsFromLogin(session, policy, takeover),
      spends: signIn && {
        tableName: signInTableOf(dependencies),
        signIn,
        user,
        nonce: Buffer.from(dependencies.random(12)).toString("base64url"),
      },
    },
  };
}

function ending(
  ended: Pick<RosterEntry, "id" | "expiresAt" | "device">,
  userId: string,
  reason: EndReason,
  by: Session,
): Ending {
  return {
    sessionId: ended.id,
    userId,
    reason,
    endedAt: by.createdAt,
    endedBy: userId,
    endedDevice: ended.device.label,
    ...(reason === "displaced" ? { displacedByDevice: by.device.label } : {}),
    expiresAt: ended.expiresAt,
  };
}

/**
 * Whether a roster shows that an attempt was applied. The times tell the attempts of one session id apart;
 * another call of one sign-in has the same id, and may have the same time.
 */
function isCommitted({ session }: Attempt, roster: Roster): boolean {
  if (session.bound === true) return false;
  return roster.entries.some((entry) => entry.id === session.id && entry.createdAt === session.createdAt);
}

function ownOf(attempts: readonly Attempt[], nonce: string | undefined): StartedSession | undefined {
  const own = attempts.find(({ change }) => nonce !== undefined && change.spends?.nonce === nonce);
  return own && startedBy(own);
}

const startedBy = ({ session, displaced, contention }: Attempt): StartedSession => ({
  session,
  displaced: displaced.map(({ id, createdAt, device }) => ({
    id,
    createdAt,
    device: { label: device.label, class: device.class },
  })),
  ...(contention !== undefined && { contention }),
});

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
