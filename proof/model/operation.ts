import { createHash } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { BackoffDependencies } from "../../src/dynamodb/backoff.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import type { SignInUse } from "../../src/sessions/sign-in-store.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import type { SessionId, SessionToken } from "../../src/sessions/token.ts";
import type { Call, Operation, Result } from "./call.ts";
import type { ModelledProduct } from "./product.ts";
import { SESSIONS, SIGN_IN, USERS } from "./request.ts";

/** What an operation is run with. */
export interface Surroundings extends BackoffDependencies {
  /** What its instance remembers of bound sessions; nothing unless given. */
  readonly seenWhole?: { has(id: SessionId): boolean; add(id: SessionId): void };
  readonly documents: DynamoDBDocumentClient;
  readonly clock: () => number;
}

/** Randomness that is always the same for an operation of one name. */
export function randomnessOf(name: string): (size: number) => Uint8Array {
  let calls = 0;
  return (size) => createHash("sha512").update(`${name}/${calls++}`).digest().subarray(0, size);
}

/** The token that the login of this name gives: it is the first thing a login draws. */
export const tokenOf = (product: ModelledProduct, name: string): SessionToken =>
  product.SessionToken.generate(randomnessOf(name));

/** The id of the session that the login of this name gives. */
export const sessionOf = (product: ModelledProduct, name: string, era: string): SessionId =>
  tokenOf(product, name).sessionId(era);

/** What all operations of a scenario share. */
export interface Common {
  readonly settings: SessionSettings;
  readonly signIns: ReadonlyMap<string, SignIn>;
}

/** Runs an operation of the product to its end. */
export async function runOperation(
  product: ModelledProduct,
  { settings: shared, signIns }: Common,
  { name, call, settings: own }: Operation,
  surroundings: Surroundings,
): Promise<Result> {
  const random = randomnessOf(name);
  const settings = { ...shared, ...own };
  const sources = { tableName: SIGN_IN, isOfSource: (userId: string) => userId.startsWith("pool:") };
  const options = {
    ...(surroundings as Surroundings & { readonly seenWhole?: never }),
    tableName: SESSIONS,
    settings,
    random,
    signIns: sources,
  };
  const tools = { ...surroundings, random, signIns, options };
  try {
    return await resultOf(product, product.createSessionStore(options), call, tools, settings);
  } catch (error) {
    const { name: kind, message, effect } = error as Error & { readonly effect?: "none" | "unknown" };
    if (kind === "StoreUnavailableError") return { result: "unavailable", effect: effect ?? "unknown" };
    if (kind === "SessionsMayLiveError") return { result: "unfinished" };
    return { result: "fault", message: `${kind}: ${message}` };
  }
}

type Tools = Surroundings &
  Pick<Common, "signIns"> & {
    readonly random: (size: number) => Uint8Array;
    readonly options: Parameters<ModelledProduct["createSignInStore"]>[0];
  };

async function resultOf(
  product: ModelledProduct,
  store: SessionStore,
  call: Call,
  tools: Tools,
  { era }: SessionSettings,
): Promise<Result> {
  const token = (name: string): SessionToken => tokenOf(product, name);
  const credential = (name: string): SessionToken | SignIn => tools.signIns.get(name) ?? token(name);
  const idOf = (name: string): SessionId => {
    const signIn = tools.signIns.get(name);
    return signIn === undefined ? token(name).sessionId(era) : product.boundSessionId(era, signIn);
  };
  switch (call.call) {
    case "login":
      return logIn(product, store, call, tools);
    case "use":
      return used(await product.createSignInStore(tools.options).useSignIn(requestOf(call, tools)));
    case "logoutSignIn": {
      const outcome = await product.createSignInStore(tools.options).logOutSignIn(requestOf(call, tools));
      return outcome.outcome === "spent" ? { result: "spent" } : ended(outcome);
    }
    case "validate": {
      const { touch, from } = call;
      const { outcome } = await store.validate(token(call.session), { touch, from: () => from });
      return { result: "validated", as: outcome };
    }
    case "logout":
      return ended(await store.logout(credential(call.session)));
    case "endOne":
      return ended(await store.endOne(credential(call.session), idOf(call.target)));
    case "endOthers":
      return ended(await store.endOthers(credential(call.session)));
    case "revoke": {
      const { unfinished } = await store.revoke({ userIds: [call.user], revokedBy: "admin" });
      return { result: unfinished.length === 0 ? "revoked" : "unfinished" };
    }
    case "revokeOne": {
      const sessionId = idOf(call.target);
      const spare = (): Promise<boolean> => Promise.resolve(false);
      const { outcome } = await store.revokeOne({ sessionId, revokedBy: "admin", spare });
      return outcome === "ended"
        ? { result: "ended", sessions: [sessionId] }
        : { result: "nothing-done", why: outcome };
    }
    case "disable": {
      const directory = product.createUserDirectory({ ...tools, tableName: USERS });
      const management = product.createUserManagement({ ...tools, directory, sessions: store });
      const { outcome } = await management.disableUser(call.user);
      return outcome === "changed" ? { result: "disabled" } : { result: "nothing-done", why: outcome };
    }
  }
}

/** What the edges give the store, of a sign-in that the scenario has. */
function requestOf(
  { user, signIn, ...call }: Extract<Call, { call: "use" | "logoutSignIn" }>,
  { signIns }: Tools,
) {
  return {
    signIn: signIns.get(signIn)!,
    user: { id: user, isAdmin: false, permissions: [] },
    identitySource: "pool",
    device: { label: "Chrome on Windows", class: "desktop" } as const,
    policy: () => Promise.resolve("policy" in call ? call.policy : { limit: 1, atLimit: "deny" as const }),
  };
}

function used(outcome: SignInUse): Result {
  if (outcome.outcome !== "live") {
    const reason = outcome.outcome === "too-old" ? ` (${outcome.reason})` : "";
    return { result: "nothing-done", why: outcome.outcome + reason };
  }
  const { session, admitted, displaced } = outcome;
  return { result: "used", session: session.id, admitted, displaced: displaced.map(({ id }) => id) };
}

async function logIn(
  product: ModelledProduct,
  store: SessionStore,
  call: Extract<Call, { call: "login" }>,
  tools: Tools,
): Promise<Result> {
  const directory = product.createUserDirectory({ ...tools, tableName: USERS });
  // Hashing is not what is modelled here; whose credentials they are, and as of which version, is.
  const passwords = product.createPasswordSource(directory, {
    hash: (password) => Promise.resolve(password),
    verify: (password, hash) => Promise.resolve(password === hash),
  });
  const identity =
    call.password === undefined
      ? { user: { id: call.user, isAdmin: false, permissions: [] }, identitySource: "trusted", checks: [] }
      : await passwords.authenticate({ username: call.user, password: call.password });
  if ("outcome" in identity && identity.outcome === "refused")
    return { result: "nothing-done", why: "refused" };
  const tokenChecks =
    call.tokenId === undefined
      ? []
      : [
          product.tokenUnusedCheck(SIGN_IN, {
            fingerprint: call.tokenId,
            keptUntil: tools.clock() + 60 * 60_000,
          }),
        ];
  const outcome = await store.login({
    user: identity.user,
    identitySource: identity.identitySource,
    device: { label: "Chrome on Windows", class: "desktop" },
    policy: call.policy,
    checks: [...identity.checks, ...tokenChecks],
    ...(call.presented !== undefined && { presented: tokenOf(product, call.presented) }),
    place: call.place,
    ...(call.takeover !== undefined && { takeover: call.takeover }),
    ...(call.signIn !== undefined && { signIn: { signIn: tools.signIns.get(call.signIn)! } }),
  });
  if (outcome.outcome !== "logged-in") return { result: "nothing-done", why: outcome.outcome };
  const { session, displaced } = outcome;
  return { result: "logged-in", session: session.id, displaced: displaced.map(({ id }) => id) };
}

function ended(outcome: Awaited<ReturnType<SessionStore["endOne"]>>): Result {
  return outcome.outcome === "ended"
    ? { result: "ended", sessions: outcome.sessionIds }
    : { result: "nothing-done", why: outcome.outcome };
}
