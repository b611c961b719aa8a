import { noteDisplacements, type SessionContention } from "./account-sharing.ts";
import { commit, type Commit } from "./commit.ts";
import { Contention } from "./contention.ts";
import { decideLogin, type LoginDecision } from "./decide-login.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { boundedDevice } from "./device.ts";
import type { Ending, EndReason } from "./ending.ts";
import { readRoster, readRosterWithSessions, readSession } from "./read.ts";
import type { Roster, RosterEntry } from "./roster.ts";
import { idleExpiry, isUnexpired, type Session } from "./session.ts";
import type { LoginOutcome, LoginRequest } from "./store.ts";
import { SessionToken, type SessionId } from "./token.ts";

/** One attempt: the session it would create and what else it would change. */
interface Attempt {
  readonly session: Session;
  readonly displaced: readonly RosterEntry[];
  readonly contention: SessionContention | undefined;
  readonly change: Commit;
}

/**
 * Starts a session for a user whom an identity source vouched for (design section 4; I4 to I6). The session
 * id stays the same through all attempts, so that a roster which lists it tells that an earlier attempt,
 * whose answer was lost, took effect.
 */
export async function login(dependencies: StoreDependencies, request: LoginRequest): Promise<LoginOutcome> {
  const { clock, settings, random } = dependencies;
  const { user, policy } = request;
  const token = SessionToken.generate(random);
  const id = token.sessionId(settings.era);
  const [firstRoster, presented] = await Promise.all([
    readRoster(dependencies, user.id),
    readPresented(dependencies, request),
  ]);

  const contention = new Contention(dependencies, user.id);
  const { dead } = contention;
  const attempts: Attempt[] = [];
  let roster = firstRoster;
  let sessions: ReadonlyMap<SessionId, Session> | undefined;

  for (;;) {
    const taken = attempts.findLast((attempt) => isCommitted(attempt, roster));
    if (taken !== undefined) return loggedIn(token, taken);

    // Never the same time twice: it tells this login's attempts apart (see `isCommitted`).
    const now = Math.max(clock(), (attempts.at(-1)?.session.createdAt ?? 0) + 1);
    const decision = decideLogin({
      roster,
      sessions,
      dead,
      presentedId: presented?.id,
      device: request.device,
      policy,
      takeover: request.takeover ?? false,
      end: request.end ?? [],
      era: settings.era,
      now,
    });
    if (decision.decision === "read-sessions") {
      ({ roster, sessions } = await readRosterWithSessions(dependencies, user.id, roster));
      continue;
    }
    if (decision.decision === "refuse") return { outcome: "session-limit", sessions: decision.sessions };

    const session = newSession(dependencies, request, id, now);
    const isPresentedLive = presented !== undefined && !dead.has(presented.id);
    const attempt = newAttempt(request, {
      session,
      roster,
      decision,
      presented: isPresentedLive ? presented : undefined,
    });
    attempts.push(attempt);

    const answer = await commit(dependencies, attempt.change);
    switch (answer.result) {
      case "committed":
        return loggedIn(token, attempt);
      case "check-failed":
        return { outcome: "check-failed", check: answer.check };
      case "stale": {
        const next = await contention.rosterAfter(roster, answer);
        // What was read of the sessions belongs to the roster it was read with.
        if (next !== roster) sessions = undefined;
        roster = next;
      }
    }
  }
}

/** What a login that was admitted would change. */
function newAttempt(
  { user, checks = [] }: LoginRequest,
  {
    session,
    roster,
    decision,
    presented,
  }: {
    readonly session: Session;
    readonly roster: Roster;
    readonly decision: Extract<LoginDecision, { decision: "admit" }>;
    /** The live session that the client came with, whoever's it is. */
    readonly presented: Session | undefined;
  },
): Attempt {
  const now = session.createdAt;
  const otherUsers = presented !== undefined && presented.user.id !== user.id ? [presented] : [];
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
        ...otherUsers.map((other) => ending(other, other.user.id, "logged_out", session)),
      ],
      drop: decision.drop,
      checks,
      displacements: sharing.displacements,
    },
  };
}

/** The live session of the presented token. A dead one is left alone: it ends nothing and needs no ending. */
async function readPresented(
  dependencies: StoreDependencies,
  { presented }: LoginRequest,
): Promise<Session | undefined> {
  if (presented === undefined) return undefined;
  const session = await readSession(dependencies, presented.sessionId(dependencies.settings.era));
  return session !== undefined && isUnexpired(session, dependencies.clock()) ? session : undefined;
}

function newSession(
  { settings }: StoreDependencies,
  { user, identitySource, device }: LoginRequest,
  id: SessionId,
  now: number,
): Session {
  const expiresAt = now + settings.timeouts.absolute;
  return {
    id,
    user: { id: user.id, isAdmin: user.isAdmin, permissions: user.permissions },
    identitySource,
    device: boundedDevice(device),
    era: settings.era,
    createdAt: now,
    lastSeenAt: now,
    idleExpiresAt: idleExpiry(now, expiresAt, settings.timeouts),
    expiresAt,
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
 * Whether a roster shows that an attempt was applied. The times tell the attempts of one session id apart.
 */
function isCommitted({ session }: Attempt, roster: Roster): boolean {
  return roster.entries.some((entry) => entry.id === session.id && entry.createdAt === session.createdAt);
}

function loggedIn(token: SessionToken, { session, displaced, contention }: Attempt): LoginOutcome {
  return {
    outcome: "logged-in",
    token,
    session,
    displaced: displaced.map(({ id, createdAt, device }) => ({
      id,
      createdAt,
      device: { label: device.label, class: device.class },
    })),
    ...(contention !== undefined && { contention }),
  };
}
