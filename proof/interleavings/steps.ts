import type { CommitCheck } from "../../src/sessions/commit.ts";
import type { Place } from "../../src/sessions/session.ts";
import type { EndOneOutcome } from "../../src/sessions/store.ts";
import type { SessionId, SessionToken } from "../../src/sessions/token.ts";
import type { Instance } from "./functions.ts";
import type { Plan, Step } from "./plan.ts";

/** A session with the token that opens it. */
export interface Opened {
  readonly token: SessionToken;
  readonly id: SessionId;
}

/** What an operation answered. */
export interface Answer {
  readonly result: string;
  /** The session whose token the call came with. */
  readonly own?: SessionId;
  readonly target?: SessionId;
  readonly presented?: SessionId;
  readonly opened?: Opened;
  /** Sessions that the answer says it ended. */
  readonly ended: readonly SessionId[];
}

export const PASSWORD = "a password for interleavings";

export interface StepPlace {
  readonly plan: Plan;
  readonly instance: Instance;
  /** The device label of its logins. */
  readonly label: string;
  readonly earlier: (index: number) => Opened;
  readonly sweep: () => Promise<void>;
}

/** Each client is in a place of its own, so that touches may come early. */
export const placeOf = (label: string): Place => ({ label, class: "desktop" });

/** Does what a client does. */
export async function takeStep(step: Step, place: StepPlace): Promise<Answer> {
  const { instance, earlier } = place;
  const { store, management } = instance;
  switch (step.step) {
    case "login":
      return logIn(step, place);
    case "logout":
      return answerOf(await store.logout(earlier(step.session).token), earlier(step.session));
    case "endOthers":
      return answerOf(await store.endOthers(earlier(step.session).token), earlier(step.session));
    case "endOne": {
      const target = earlier(step.target).id;
      const outcome = await store.endOne(earlier(step.session).token, target);
      return { ...answerOf(outcome, earlier(step.session)), target };
    }
    case "validate": {
      const { token, id } = earlier(step.session);
      const from = () => ({ ...placeOf(place.label), by: "cookie" as const });
      return { result: (await store.validate(token, { from })).outcome, own: id, ended: [] };
    }
    case "revoke": {
      const { unfinished } = await store.revoke({ userIds: ["alice", "bob"], revokedBy: "root" });
      return { result: unfinished.length === 0 ? "revoked" : "unfinished", ended: [] };
    }
    case "disable":
      return { result: (await management.disableUser("alice")).outcome, ended: [] };
    case "ttl":
      await place.sweep();
      return { result: "swept", ended: [] };
  }
}

async function logIn(
  step: Step & { readonly step: "login" },
  { plan, instance, label, earlier }: StepPlace,
): Promise<Answer> {
  let checks: readonly CommitCheck[] = [];
  if (plan.hasPassword && step.user === "alice") {
    const answer = await instance.passwords.authenticate({ username: "alice", password: PASSWORD });
    if (answer.outcome === "refused") return { result: "refused", ended: [] };
    ({ checks } = answer);
  }
  const presented = step.presented === undefined ? undefined : earlier(step.presented);
  const answer = await instance.store.login({
    user: { id: step.user, isAdmin: false, permissions: [] },
    identitySource: "trusted",
    device: { label, class: "desktop" },
    place: placeOf(label),
    policy: plan.policy,
    checks,
    takeover: step.takeover,
    ...(step.end !== undefined && { end: [earlier(step.end).id] }),
    ...(presented !== undefined && { presented: presented.token }),
  });
  if (answer.outcome !== "logged-in") return { result: answer.outcome, ended: [] };
  return {
    result: "logged-in",
    opened: { token: answer.token, id: answer.session.id },
    ended: answer.displaced.map(({ id }) => id),
    ...(presented !== undefined && { presented: presented.id }),
  };
}

const answerOf = (outcome: EndOneOutcome, { id }: Opened): Answer => ({
  result: outcome.outcome,
  own: id,
  ended: outcome.outcome === "ended" ? outcome.sessionIds : [],
});
