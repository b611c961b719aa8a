import { inspect } from "node:util";
import type { Session } from "../../src/sessions/session.ts";
import { isUnexpired } from "../../src/sessions/session.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { InvariantError, type Observer, type Sight } from "./observer.ts";
import { LARGEST_SKEW_MS, type Plan } from "./plan.ts";
import type { Answer, Opened } from "./steps.ts";

/**
 * What came of a client's operation: neither answer nor error where nobody knows, its function having died.
 */
export interface Came {
  readonly client: number;
  readonly label: string;
  readonly step: Plan["clients"][number]["step"]["step"];
  /** The time by the clock of its function. */
  readonly at: number;
  readonly answer?: Answer;
  readonly error?: unknown;
}

/** A plan that was played to its end. */
export interface Played {
  readonly plan: Plan;
  readonly now: number;
  /** The table before the first request, and after the last. */
  readonly first: Sight;
  readonly last: Sight;
  readonly observer: Pick<Observer, "seen" | "mostLive">;
  readonly came: readonly Came[];
  readonly opened: readonly Opened[];
  readonly validate: SessionStore["validate"];
}

/** Holds the answers against what became of the sessions (I1, I4 to I6). @throws InvariantError */
export async function judge(played: Played): Promise<void> {
  for (const came of played.came) judgeAnswer(came, played);
  judgeEnds(played);
  for (const { token, id } of played.opened) {
    const session = played.last.sessions.get(id);
    const isLive = session !== undefined && isUnexpired(session, played.now);
    const { outcome } = await played.validate(token, { touch: false });
    if ((outcome === "live") !== isLive) {
      throw new InvariantError("I1", `${id} validates as ${outcome}, and is ${isLive ? "" : "not "}live`);
    }
  }
}

function judgeAnswer({ client, step, at, answer, error, label }: Came, played: Played): void {
  const { first, last, observer, plan, now } = played;
  if (error !== undefined) throw new InvariantError("I6", `${step} ${client} failed: ${inspect(error)}`);
  if (answer === undefined) return;
  const who = `${step} ${client} answered ${answer.result}`;
  const isLive = (id: SessionId | undefined, when = now): boolean => {
    const session = id === undefined ? undefined : last.sessions.get(id);
    return session !== undefined && isUnexpired(session, when);
  };
  const mustBeDead = (ids: Iterable<SessionId | undefined>, when?: number): void => {
    for (const id of ids) {
      if (isLive(id, when)) throw new InvariantError("I5", `${who}, and ${id ?? ""} is live`);
    }
  };
  const aliceAtFirst = idsOf(first, "alice");

  switch (answer.result) {
    case "logged-in":
      if (!observer.seen.has(answer.opened!.id)) throw new InvariantError("I3", `${who} without a session`);
      mustBeDead([answer.presented]);
      break;
    case "unavailable":
    case "refused":
    case "check-failed":
    case "session-limit":
      if ([...observer.seen.values()].some(({ device }) => device.label === label)) {
        throw new InvariantError("I6", `${who}, and made a session`);
      }
      if (answer.result === "session-limit" && observer.mostLive < plan.policy.limit) {
        throw new InvariantError("I6", `${who}, but never were there ${plan.policy.limit} live`);
      }
      break;
    case "ended":
      if (step === "logout") mustBeDead([answer.own]);
      if (step === "logout" && plan.logoutAllSessions) mustBeDead(aliceAtFirst);
      if (answer.target !== undefined) mustBeDead([answer.target]);
      break;
    case "not-live":
      mustBeDead([answer.own], at);
      break;
    case "not-found":
      if (first.sessions.has(answer.target!)) mustBeDead([answer.target]);
      break;
    case "revoked":
      mustBeDead(aliceAtFirst);
      break;
    case "changed":
      // Every login of alice was by her password: one that came before is revoked, one that comes after is
      // refused.
      mustBeDead(idsOf(last, "alice"));
      break;
    case "unknown":
      if (first.sessions.has(answer.own!) && !mayHaveExpired(observer.seen.get(answer.own!)!, now)) {
        throw new InvariantError("I6", `${who}: ${answer.own!} ended without its reason`);
      }
      break;
    case "live":
      if (!first.sessions.has(answer.own!)) throw new InvariantError("I1", `${who}: ${answer.own!} was dead`);
      break;
  }
}

/**
 * Every session that is gone was ended by somebody who says so, each by one; and what a login displaced, it
 * replaced.
 */
function judgeEnds({ plan, now, first, last, observer, came }: Played): void {
  const claims = came.flatMap(({ answer }) =>
    answer === undefined
      ? []
      : [...answer.ended, ...(answer.presented === undefined ? [] : [answer.presented])],
  );
  const displaced = came.flatMap(({ step, answer }) => (step === "login" ? (answer?.ended ?? []) : []));
  const twice = displaced.find((id, index) => displaced.indexOf(id) !== index);
  if (twice !== undefined) throw new InvariantError("I4", `${twice} was displaced by two logins`);

  const somebodyDied = came.some(({ answer }) => answer === undefined);
  const revoked = came.some(({ step }) => step === "revoke" || step === "disable");
  for (const [id, session] of observer.seen) {
    if (last.sessions.has(id) || mayHaveExpired(session, now)) continue;
    const ending = last.endings.get(id);
    const isAccountedFor = claims.includes(id) || somebodyDied || (revoked && ending?.reason === "revoked");
    if (!isAccountedFor) {
      throw new InvariantError(
        "I5",
        `${id} (${session.device.label}) is gone, and nobody says that they ended it`,
      );
    }
    if (ending === undefined) throw new InvariantError("I6", `${id} is gone without its ending`);
  }
  for (const ending of last.endings.values()) {
    const login = came.find(({ label }) => label === ending.displacedByDevice);
    if (login === undefined || first.endings.has(ending.sessionId)) continue;
    if (login.answer !== undefined && !login.answer.ended.includes(ending.sessionId)) {
      throw new InvariantError(
        "I4",
        `login ${login.client} displaced ${ending.sessionId} and does not say so`,
      );
    }
    if (![...observer.seen.values()].some(({ device }) => device.label === login.label)) {
      throw new InvariantError(
        "I6",
        `login ${login.client} displaced ${ending.sessionId} and made no session`,
      );
    }
  }
  for (const { client, answer: login } of came) {
    const beaten = [...(login?.ended ?? []), login?.presented];
    const winner = login?.opened?.id;
    const loser = came.find(
      ({ answer }) => winner !== undefined && beaten.includes(answer?.own) && answer?.ended.includes(winner),
    );
    if (loser?.answer?.own !== undefined) {
      const who = `${loser.step} ${loser.client} with ${loser.answer.own}`;
      throw new InvariantError("I5", `${who} ended the session of login ${client}, which had ended its own`);
    }
  }
  if (plan.policy.atLimit === "deny" && displaced.length > 0) {
    throw new InvariantError("I6", `${displaced.join(", ")} displaced where the policy denies`);
  }
}

const idsOf = (sight: Sight, userId: string): SessionId[] =>
  [...sight.sessions.values()].filter(({ user }) => user.id === userId).map(({ id }) => id);

/** Whether some clock may have called it expired. */
const mayHaveExpired = (session: Session, now: number): boolean =>
  !isUnexpired(session, now + LARGEST_SKEW_MS);
