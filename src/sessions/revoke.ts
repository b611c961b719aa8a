import {
  batchDelete,
  batchGet,
  batchPut,
  batchWrite,
  writeBatches,
  WRITES_IN_A_BATCH,
} from "../dynamodb/batch.ts";
import type { StoreDependencies } from "./dependencies.ts";
import type { Ending } from "./ending.ts";
import { fromRosterItem, fromSessionItem, toEndingItem } from "./items.ts";
import { readRosterWithSessions, readSettledItems } from "./read.ts";
import { leavingIds, NO_ROSTER, type Roster } from "./roster.ts";
import { isUnexpired, type Session } from "./session.ts";
import type { RevokeRequest, RevokeResult } from "./store.ts";
import { signOut } from "./sign-out.ts";
import { rosterKey, sessionIdInKey, sessionKey, userIdInKey } from "./table.ts";
import type { SessionId } from "./token.ts";

/** A user to log out: every session listed, and those of them seen live. */
interface Target {
  readonly userId: string;
  readonly listed: readonly SessionId[];
  readonly live: readonly Session[];
}

/** Users whose rosters and sessions are in memory at one time: ten thousand at once would be 70 MB. */
const USERS_AT_ONCE = 1000;

/**
 * The administrators' logout, the bulk path (design section 4, I5). Rosters, then the sessions they list,
 * then the endings of the live ones, then a delete for every listed session, seen or not: one may be
 * appearing at this moment, and deleting it then waits for its login. What the last commit deleted is deleted
 * again for the same reason. It writes no roster (I2 allows dead entries) and so needs no condition, which is
 * what lets it go 25 at a time.
 *
 * A client holds a bound session's token before the session is there, so that one could be made after this
 * has looked (I8). For users of such sources the time from which sign-ins count is therefore written first,
 * and the rosters are read by transactions: an admission that was through with its check of that time before
 * it was written is waited for.
 */
export async function revoke(dependencies: StoreDependencies, request: RevokeRequest): Promise<RevokeResult> {
  const userIds = [...new Set(request.userIds)];
  const isLate = (): boolean => request.deadline !== undefined && dependencies.clock() >= request.deadline;
  const results: RevokeResult[] = [];
  for (let start = 0; start < userIds.length; start += USERS_AT_ONCE) {
    const some = userIds.slice(start, start + USERS_AT_ONCE);
    results.push(
      start > 0 && isLate()
        ? { loggedOut: [], spared: [], unfinished: some }
        : await revokeSome(dependencies, request, some, isLate),
    );
  }
  return {
    loggedOut: results.flatMap(({ loggedOut }) => loggedOut),
    spared: results.flatMap(({ spared }) => spared),
    unfinished: results.flatMap(({ unfinished }) => unfinished),
  };
}

async function revokeSome(
  dependencies: StoreDependencies,
  request: RevokeRequest,
  userIds: readonly string[],
  isLate: () => boolean,
): Promise<RevokeResult> {
  const signedOut = await signOut(dependencies, request, userIds, isLate);
  const read = request.waitForLogins === true ? readSettledTargets : readTargets;
  const targets = await read(dependencies, signedOut.done);
  const spared = new Set(
    targets.filter(({ userId, live }) => request.spare?.(userId, live) === true).map(({ userId }) => userId),
  );
  const chosen = targets.filter(({ userId }) => !spared.has(userId));

  const ending = (session: Session): Ending => endingOf(session, request, dependencies.clock());
  const isDry = request.dryRun === true;
  const undone = new Set(isDry ? [] : await endSessions(dependencies, chosen, ending, isLate));
  const byUser = new Map(chosen.map((target) => [target.userId, target]));
  const unfinished = [
    ...signedOut.undone,
    ...chosen.filter(({ listed }) => listed.some((id) => undone.has(id))).map(({ userId }) => userId),
  ];
  const isUnfinished = new Set(unfinished);
  return {
    loggedOut: userIds
      .filter((userId) => !spared.has(userId) && !isUnfinished.has(userId))
      .map((userId) => ({ userId, sessionCount: byUser.get(userId)?.live.length ?? 0 })),
    spared: [...spared],
    unfinished,
  };
}

/**
 * The users that have sessions listed, with those sessions. All users' keys share the batches, so none goes
 * half empty.
 */
async function readTargets(dependencies: StoreDependencies, userIds: readonly string[]): Promise<Target[]> {
  const now = dependencies.clock();
  const rosterItems = await readRosters(dependencies, userIds);
  const rosters = rosterItems.map((item) => ({
    userId: userIdInKey(item["pk"] as string),
    listed: listedIds(fromRosterItem(item), now),
  }));
  const sessionItems = await batchGet(
    dependencies,
    rosters.flatMap(({ listed }) => listed.map((id) => sessionKey(id))),
  );
  const live = new Map<SessionId, Session>();
  for (const item of sessionItems) {
    const id = sessionIdInKey(item["pk"] as string) as SessionId;
    const session = fromSessionItem(id, item);
    if (isTarget(dependencies, session, now)) live.set(id, session);
  }
  return rosters
    .filter(({ listed }) => listed.length > 0)
    .map(({ userId, listed }) => ({ userId, listed, live: listed.flatMap((id) => live.get(id) ?? []) }));
}

async function readRosters(
  dependencies: StoreDependencies,
  userIds: readonly string[],
): Promise<Record<string, unknown>[]> {
  const { signIns } = dependencies;
  const mayBeAdmitted = (userId: string): boolean => signIns?.isOfSource(userId) === true;
  const keysOf = (some: readonly string[]) => some.map((userId) => rosterKey(userId));
  const plain = keysOf(userIds.filter((userId) => !mayBeAdmitted(userId)));
  const settled = keysOf(userIds.filter(mayBeAdmitted));
  return [...(await batchGet(dependencies, plain)), ...(await readSettledItems(dependencies, settled))];
}

/**
 * The same, by transactions: a plain read beside a login's commit may find the roster of before, and nothing
 * of the session that is just appearing. The login's check of the directory may be through already, so that
 * no write there waited for it either.
 */
async function readSettledTargets(
  dependencies: StoreDependencies,
  userIds: readonly string[],
): Promise<Target[]> {
  const targets: Target[] = [];
  for (const userId of userIds) {
    const { roster, sessions } = await readRosterWithSessions(dependencies, userId, NO_ROSTER);
    const now = dependencies.clock();
    const listed = listedIds(roster, now);
    const live = [...sessions.values()].filter((session) => isTarget(dependencies, session, now));
    if (listed.length > 0) targets.push({ userId, listed, live });
  }
  return targets;
}

const isTarget = ({ settings }: StoreDependencies, session: Session, now: number): boolean =>
  isUnexpired(session, now) && session.era === settings.era;

const listedIds = (roster: Roster, now: number): SessionId[] => [
  ...roster.entries.map((entry) => entry.id),
  ...leavingIds(roster, now),
];

function endingOf(session: Session, { revokedBy }: RevokeRequest, now: number): Ending {
  return {
    sessionId: session.id,
    userId: session.user.id,
    reason: "revoked",
    endedAt: now,
    endedBy: revokedBy,
    endedDevice: session.device.label,
    expiresAt: session.expiresAt,
  };
}

/**
 * Writes the endings, then the deletes, so that a session is never gone without its reason. The last batch of
 * endings is filled up with deletes whose endings are through.
 * @returns the ids whose delete was not carried out.
 */
async function endSessions(
  dependencies: StoreDependencies,
  targets: readonly Target[],
  ending: (session: Session) => Ending,
  isLate: () => boolean,
): Promise<SessionId[]> {
  const endings = targets.flatMap(({ live }) =>
    live.map((session) => batchPut({ ...toEndingItem(ending(session)) })),
  );
  const deletesOf = (ids: readonly SessionId[]) => ids.map((id) => batchDelete(sessionKey(id)));
  const liveIds = targets.flatMap(({ live }) => live.map((session) => session.id));
  const isLive = new Set(liveIds);
  const deadIds = targets.flatMap(({ listed }) => listed.filter((id) => !isLive.has(id)));

  const whole = endings.length - (endings.length % WRITES_IN_A_BATCH);
  const rest = endings.slice(whole);
  const free = deletesOf([...deadIds, ...liveIds.slice(0, whole)]);
  const bound = deletesOf(liveIds.slice(whole));
  const room = rest.length === 0 ? 0 : WRITES_IN_A_BATCH - rest.length;

  const undone = [
    ...(await batchWrite(dependencies, writeBatches(endings.slice(0, whole)), isLate)),
    ...(await batchWrite(dependencies, writeBatches([...rest, ...free.slice(0, room)]), isLate)),
    ...(await batchWrite(dependencies, writeBatches([...free.slice(room), ...bound]), isLate)),
  ];
  return undone.flatMap(({ DeleteRequest: request }) =>
    request === undefined ? [] : [sessionIdInKey((request.Key as { pk: string }).pk) as SessionId],
  );
}
