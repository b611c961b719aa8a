import type { History, Operation, SessionRef } from "./history.ts";
import type { SessionTimes } from "./session-times.ts";
import { canExist, ending, GONE, type Possible, type UserState } from "./user-state.ts";

/**
 * What the times in a history tell, before any order is tried. Every allowance of the sequential model for
 * clocks and for bulk revokes is made here. All answers are on the safe side: "may" wherever the times do not
 * rule it out.
 */
export interface Knowledge {
  readonly sessions: readonly SessionRef[];
  /** Nothing: no session of this user that any login could have created. */
  indexOf(session: SessionRef): number | undefined;
  /** Nothing where one of them is unknown. */
  indexesOf(sessions: readonly SessionRef[]): number[] | undefined;
  /** Whether the function that ran the operation may have taken the session for expired. */
  mayExpire(operation: Operation, session: number): boolean;
  /** Whether TTL may have removed all that is left of the session. */
  mayBeForgotten(operation: Operation, session: number): boolean;
  /**
   * Whether TTL may have removed the roster that listed the session and not yet its item, so that nobody ends
   * or drops what is left: TTL keeps no order. It is far past its absolute expiry, and never live again.
   */
  mayBeUnlisted(operation: Operation, session: number): boolean;
  /** Whether the session may have been live at some instant since the operation was invoked. */
  mayHaveLivedDuring(operation: Operation, session: number): boolean;
  /** What is read of a session that the operation dropped as expired. */
  tracesOfDrop(operation: Operation): Possible;
  /** Dead sessions that may have ended while the operation ran, without a commit of this user. */
  endedBesideRoster(operation: Operation, state: UserState): number[];
  /** Whether one session was certainly seen later than the other, as of the operation. */
  isSeenAfter(operation: Operation, session: number, other: number): boolean;
  /** Whether what proves the login's user may have changed while it ran. */
  proofChangesDuring(operation: Operation): boolean;
  /** Whether nothing else that could end or start a session of this user ran at the same time. */
  runsAlone(operation: Operation): boolean;
}

const CHANGES_DIRECTORY = new Set(["disable", "enable", "changePassword"]);
const REVOKES = new Set(["adminLogout", "disable", "changePassword"]);

const overlap = (one: Operation, other: Operation): boolean =>
  one.invokedAt <= other.settledAt && other.invokedAt <= one.settledAt;

/**
 * What is known of the sessions of one user. `history` is the whole one, also where only a part of it is
 * being checked.
 */
export function knowledgeOf(history: History, userId: string, times: SessionTimes): Knowledge {
  const sessions = times.sessionsOf(userId);
  const indexes = new Map(sessions.map((session, index) => [session, index]));
  const refOf = (index: number): SessionRef => sessions[index]!;
  const own = history.operations.filter(({ call }) => call.userId === userId);
  const presenters = history.operations.filter(
    ({ call }) =>
      call.call === "login" &&
      call.userId !== userId &&
      call.presented !== undefined &&
      indexes.has(call.presented),
  );
  const revokes = own.filter((operation) => REVOKES.has(operation.call.call) && mayHaveEffect(operation));
  const brokenRevokes = revokes.filter(({ answer }) => answer.answer !== "done");
  const writes = [
    ...presenters,
    ...own.filter((operation) => operation.call.call !== "validate" && mayHaveEffect(operation)),
  ];
  const mayHaveLivedDuring = (operation: Operation, session: number): boolean =>
    times.provenDeadAt(refOf(session)) >= operation.invokedAt;
  const othersDuring = (operation: Operation, among: readonly Operation[]): Operation[] =>
    among.filter((other) => other.id !== operation.id && overlap(other, operation));

  return {
    sessions,
    indexOf: (session) => indexes.get(session),
    indexesOf(refs) {
      const found = refs.flatMap((ref) => indexes.get(ref) ?? []);
      return found.length === refs.length ? found : undefined;
    },
    mayExpire: (operation, session) => times.mayExpire(operation, refOf(session)),
    mayBeForgotten: (operation, session) => times.mayBeForgotten(operation, refOf(session)),
    mayBeUnlisted: (operation, session) => times.mayBeUnlisted(operation, refOf(session)),
    mayHaveLivedDuring,
    // A drop writes no ending. A revoke that broke off may have written one, and not have come to the delete.
    tracesOfDrop: (operation) =>
      GONE |
      (brokenRevokes.some(({ invokedAt }) => invokedAt <= operation.settledAt) ? ending("revoked") : 0),
    endedBesideRoster(operation, state) {
      const byRevoke = othersDuring(operation, revokes).length > 0 ? ending("revoked") | GONE : 0;
      const byPresenter = othersDuring(operation, presenters).length > 0 ? ending("logged_out") : 0;
      return [...state.masks.keys()].filter(
        (index) =>
          !canExist(state, index) &&
          ((state.masks[index] ?? 0) & (byRevoke | byPresenter)) !== 0 &&
          mayHaveLivedDuring(operation, index),
      );
    },
    isSeenAfter: (operation, session, other) => times.isSeenAfter(operation, refOf(session), refOf(other)),
    proofChangesDuring: (operation) =>
      othersDuring(operation, own).some(
        (other) => CHANGES_DIRECTORY.has(other.call.call) || usesSameToken(operation, other),
      ),
    runsAlone: (operation) => othersDuring(operation, writes).length === 0,
  };
}

const mayHaveEffect = ({ answer }: Operation): boolean =>
  answer.answer !== "unavailable" || answer.effect === "unknown";

const usesSameToken = ({ call: one }: Operation, { call: other }: Operation): boolean =>
  one.call === "login" &&
  other.call === "login" &&
  one.tokenId !== undefined &&
  one.tokenId === other.tokenId;
