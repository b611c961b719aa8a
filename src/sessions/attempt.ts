import { noteDisplacements } from "./account-sharing.ts";
import type { Commit, CommitCheck } from "./commit.ts";
import { countsFromLogin } from "./counts-from.ts";
import type { LoginDecision } from "./decide-login.ts";
import { signInTableOf, type StoreDependencies } from "./dependencies.ts";
import type { Ending, EndReason } from "./ending.ts";
import type { SessionPolicy } from "./policy.ts";
import { noteReturns } from "./returns.ts";
import type { Roster, RosterEntry } from "./roster.ts";
import type { Session, User, SessionContention } from "./session.ts";
import type { SignIn } from "./sign-in.ts";
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
  /** The live session that the client came with, of any user. */
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

/** One attempt: the session it would create and what else it would change. */
export interface Attempt {
  readonly session: Session;
  readonly displaced: readonly RosterEntry[];
  readonly change: Commit;
}

/** What a session that was admitted would change. */
export function newAttempt(
  dependencies: StoreDependencies,
  { policy, takeover, checks, presented, signIn }: NewSession,
  {
    session: begun,
    roster,
    decision,
    dead,
    inUse,
  }: {
    readonly session: Session;
    readonly roster: Roster;
    readonly decision: Extract<LoginDecision, { decision: "admit" }>;
    readonly dead: ReadonlySet<SessionId>;
    /** Which of the displaced were in use just before. */
    readonly inUse: ReadonlySet<SessionId>;
  },
): Attempt {
  const { user, createdAt: now } = begun;
  const isOtherUsers = presented !== undefined && presented.user.id !== user.id && !dead.has(presented.id);
  const sharing = noteDisplacements(roster.displacements, decision.displace, begun.device, now);
  const returns = noteReturns(roster.interruptions ?? [], {
    by: begun.device,
    interrupted: decision.displace.filter(({ id }) => inUse.has(id)),
    told: new Set(sharing.displacements.flatMap(({ pair, signalled }) => (signalled === true ? pair : []))),
    now,
  });
  const contention = sharing.contention ?? returns.contention;
  // On its item, so that the one insert tells the start and what it found.
  const session = contention === undefined ? begun : { ...begun, contention };
  return {
    session,
    displaced: decision.displace,
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
      interruptions: returns.interruptions,
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
export function isCommitted({ session }: Attempt, roster: Roster): boolean {
  if (session.bound === true) return false;
  return roster.entries.some((entry) => entry.id === session.id && entry.createdAt === session.createdAt);
}

/** What an attempt of these changed that is known by its mark. */
export function ownOf(attempts: readonly Attempt[], nonce: string | undefined): StartedSession | undefined {
  const own = attempts.find(({ change }) => nonce !== undefined && change.spends?.nonce === nonce);
  return own && startedBy(own);
}

export const startedBy = ({ session, displaced }: Attempt): StartedSession => ({
  session,
  displaced: displaced.map(({ id, createdAt, device }) => ({
    id,
    createdAt,
    device: { label: device.label, class: device.class },
  })),
  ...(session.contention !== undefined && { contention: session.contention }),
});
