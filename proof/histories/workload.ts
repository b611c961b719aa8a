import type { Draws } from "../../test/support/seeded.ts";
import type { Call } from "./history.ts";
import type { IdTokenIssuer } from "./id-tokens.ts";
import { passwordOf, type ClientKnowledge, type KnownToken } from "./client-knowledge.ts";
import type { Secrets } from "./perform.ts";
import type { PlannedUser, RoundPlan } from "./plan.ts";

/** What a client does next. */
export type Step =
  | {
      readonly step: "call";
      readonly call: Exclude<Call, { call: "adminLogout" }>;
      readonly secrets: Secrets;
      /** The same request twice at the same time. */
      readonly twice?: boolean;
    }
  | { readonly step: "list"; readonly known: KnownToken }
  | { readonly step: "admin-logout"; readonly userIds: readonly string[] };

export interface Situation {
  readonly plan: RoundPlan;
  readonly knowledge: ClientKnowledge;
  readonly issuer: IdTokenIssuer;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
}

type LoginCall = Extract<Call, { call: "login" }>;

const WEIGHTS = {
  login: 34,
  validate: 24,
  watch: 8,
  logout: 9,
  endOne: 8,
  endOthers: 5,
  list: 6,
  adminLogout: 6,
} as const;

/**
 * The next step of a client. `own` are the tokens that this client was given; tokens of others turn up at it
 * all the same.
 */
export async function nextStep(
  draws: Draws,
  own: readonly KnownToken[],
  home: PlannedUser,
  situation: Situation,
): Promise<Step> {
  const { plan, knowledge } = situation;
  const wanted = draws.weighted(WEIGHTS);
  const user = draws.chance(0.75) ? home : draws.pick(plan.users);
  if (wanted === "adminLogout") {
    const others = plan.users.filter(({ id }) => id !== user.id && draws.chance(0.4));
    return { step: "admin-logout", userIds: [user, ...others].map(({ id }) => id) };
  }
  const known = wanted === "login" ? undefined : pickToken(draws, own, user, knowledge);
  if (known === undefined) return nextLogin(draws, own, user, situation);
  const { session, userId, token } = known;
  const as = (call: Extract<Step, { step: "call" }>["call"]): Step => ({
    step: "call",
    call,
    secrets: { token },
  });
  switch (wanted) {
    case "validate":
      return as({ call: "validate", session, userId });
    case "watch":
      return as({ call: "validate", session, userId, watch: true });
    case "logout":
      return as({ call: "logout", session, userId, all: plan.logoutAllSessions });
    case "endOthers":
      return as({ call: "endOthers", session, userId });
    case "endOne": {
      const targets = draws.chance(0.85) ? knowledge.tokensOf(userId) : knowledge.tokens;
      return as({ call: "endOne", session, userId, target: draws.pick(targets).session });
    }
    case "login":
    case "list":
      return { step: "list", known };
  }
}

/** Mostly the newest ones: of those that are long dead there are more and more. */
function pickToken(
  draws: Draws,
  own: readonly KnownToken[],
  user: PlannedUser,
  knowledge: ClientKnowledge,
): KnownToken | undefined {
  const latest = own.at(-1);
  if (latest !== undefined && draws.chance(0.5)) return latest;
  const ofUser = knowledge.tokensOf(user.id);
  const among = draws.chance(0.85) ? ofUser : knowledge.tokens;
  const newest = draws.chance(0.7) ? among.slice(-4) : among;
  return newest.length === 0 ? undefined : draws.pick(newest);
}

async function nextLogin(
  draws: Draws,
  own: readonly KnownToken[],
  user: PlannedUser,
  { plan, knowledge, issuer, now }: Situation,
): Promise<Step> {
  const { id: userId, policy } = user;
  const source = user.source === "passwords" && draws.chance(0.15) ? "trusted" : user.source;
  const presented = source === "trusted" ? undefined : presentedToken(draws, own, knowledge);
  const base: LoginCall = {
    call: "login",
    userId,
    policy: { limit: policy.limit, atLimit: policy.atLimit },
    source,
    ...(presented !== undefined && { presented: presented.session }),
    ...atTheLimit(draws, user, knowledge),
  };
  const token = presented === undefined ? {} : { token: presented.token };
  switch (source) {
    case "trusted":
      return { step: "call", call: base, secrets: {} };
    case "passwords": {
      const names = knowledge.credentialsOf(userId);
      const credentials = draws.chance(0.85) ? names[0] : draws.pick(names);
      if (credentials === undefined) throw new Error(`the user ${userId} has no password`);
      return {
        step: "call",
        call: { ...base, credentials },
        secrets: { ...token, password: passwordOf(credentials) },
      };
    }
    case "oidc": {
      const used = knowledge.idTokens.filter((issued) => issued.userId === userId && issued.idToken !== "");
      if (used.length > 0 && draws.chance(0.15)) {
        const { tokenId, idToken } = draws.pick(used);
        return { step: "call", call: { ...base, tokenId }, secrets: { ...token, idToken } };
      }
      const tokenId = `${plan.seed}/${userId}/${knowledge.idTokens.length}`;
      const subject = userId.slice(userId.indexOf(":") + 1);
      // Counted before it is signed: signing takes a moment, in which another client may come by.
      const issued = { userId, tokenId, idToken: "" };
      knowledge.idTokens.push(issued);
      issued.idToken = await issuer.sign(subject, tokenId, now());
      return {
        step: "call",
        call: { ...base, tokenId },
        secrets: { ...token, idToken: issued.idToken },
        twice: draws.chance(0.3),
      };
    }
  }
}

function presentedToken(
  draws: Draws,
  own: readonly KnownToken[],
  knowledge: ClientKnowledge,
): KnownToken | undefined {
  const latest = own.at(-1);
  if (latest !== undefined && draws.chance(0.35)) return latest;
  return knowledge.tokens.length > 0 && draws.chance(0.1) ? draws.pick(knowledge.tokens) : undefined;
}

function atTheLimit(
  draws: Draws,
  { id, policy }: PlannedUser,
  knowledge: ClientKnowledge,
): Pick<LoginCall, "takeover" | "end"> {
  const asks = policy.atLimit === "ask";
  if (draws.chance(asks ? 0.3 : 0.05)) return { takeover: true };
  const offered = knowledge.offeredTo(id);
  const known = knowledge.tokensOf(id).map(({ session }) => session);
  const among = offered.length > 0 && draws.chance(0.8) ? offered : known.slice(-5);
  if (among.length === 0 || !draws.chance(asks ? 0.4 : 0.06)) return {};
  const end = [draws.pick(among), ...(draws.chance(0.3) ? [draws.pick(among)] : [])];
  return { end: [...new Set(end)] };
}

/** The next change of a user that the operator makes. */
export function nextChange(
  draws: Draws,
  { userId, isDisabled }: { readonly userId: string; readonly isDisabled: boolean },
  knowledge: ClientKnowledge,
): Extract<Step, { step: "call" }> {
  if (isDisabled && draws.chance(0.8)) {
    return { step: "call", call: { call: "enable", userId }, secrets: {} };
  }
  if (draws.chance(0.5)) return { step: "call", call: { call: "disable", userId }, secrets: {} };
  const credentials = knowledge.newCredentials(userId);
  return {
    step: "call",
    call: { call: "changePassword", userId, credentials },
    secrets: { password: passwordOf(credentials) },
  };
}
