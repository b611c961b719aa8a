import { createHash } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { BackoffDependencies } from "../../src/dynamodb/backoff.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import type { SessionId, SessionToken } from "../../src/sessions/token.ts";
import type { ModelledProduct } from "./product.ts";
import { SESSIONS, SIGN_IN, USERS } from "./request.ts";

/** What an operation is called with. A session is called by the name of the login that gives it. */
export type Call =
  | {
      readonly call: "login";
      readonly user: string;
      readonly policy: SessionPolicy;
      readonly presented?: string;
      readonly takeover?: true;
      /** Signs in by password through the directory, instead of being trusted. */
      readonly password?: string;
      /** Signs in by a token that may sign in once. */
      readonly tokenId?: string;
    }
  | { readonly call: "validate"; readonly session: string; readonly touch: boolean }
  | { readonly call: "logout"; readonly session: string }
  | { readonly call: "endOne"; readonly session: string; readonly target: string }
  | { readonly call: "endOthers"; readonly session: string }
  | { readonly call: "revoke"; readonly user: string }
  /** An administrator ends one session. */
  | { readonly call: "revokeOne"; readonly user: string; readonly target: string }
  | { readonly call: "disable"; readonly user: string };

export interface Operation {
  readonly name: string;
  readonly call: Call;
  /** How far its clock is from the real time, in milliseconds. */
  readonly skewMs?: number;
}

/** What an operation answered. */
export type Result =
  | { readonly result: "logged-in"; readonly session: SessionId; readonly displaced: readonly SessionId[] }
  | { readonly result: "ended"; readonly sessions: readonly SessionId[] }
  /** Refused, or nothing to do: it must have changed nothing. */
  | { readonly result: "nothing-done"; readonly why: string }
  | { readonly result: "revoked" | "unfinished" | "disabled" }
  | { readonly result: "validated"; readonly as: string }
  | { readonly result: "unavailable"; readonly effect: "none" | "unknown" }
  | { readonly result: "fault"; readonly message: string };

/** What an operation is run with. */
export interface Surroundings extends BackoffDependencies {
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

/** Runs an operation of the product to its end. */
export async function runOperation(
  product: ModelledProduct,
  settings: SessionSettings,
  { name, call }: Operation,
  surroundings: Surroundings,
): Promise<Result> {
  const random = randomnessOf(name);
  const store = product.createSessionStore({ ...surroundings, tableName: SESSIONS, settings, random });
  try {
    return await resultOf(product, store, call, { ...surroundings, random }, settings);
  } catch (error) {
    const { name: kind, message, effect } = error as Error & { readonly effect?: "none" | "unknown" };
    if (kind === "StoreUnavailableError") return { result: "unavailable", effect: effect ?? "unknown" };
    if (kind === "SessionsMayLiveError") return { result: "unfinished" };
    return { result: "fault", message: `${kind}: ${message}` };
  }
}

type Tools = Surroundings & { readonly random: (size: number) => Uint8Array };

async function resultOf(
  product: ModelledProduct,
  store: SessionStore,
  call: Call,
  tools: Tools,
  { era }: SessionSettings,
): Promise<Result> {
  const token = (name: string): SessionToken => tokenOf(product, name);
  switch (call.call) {
    case "login":
      return logIn(product, store, call, tools);
    case "validate": {
      const { outcome } = await store.validate(token(call.session), { touch: call.touch });
      return { result: "validated", as: outcome };
    }
    case "logout":
      return ended(await store.logout(token(call.session)));
    case "endOne":
      return ended(await store.endOne(token(call.session), token(call.target).sessionId(era)));
    case "endOthers":
      return ended(await store.endOthers(token(call.session)));
    case "revoke": {
      const { unfinished } = await store.revoke({ userIds: [call.user], revokedBy: "admin" });
      return { result: unfinished.length === 0 ? "revoked" : "unfinished" };
    }
    case "revokeOne": {
      const sessionId = token(call.target).sessionId(era);
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
    ...(call.takeover !== undefined && { takeover: call.takeover }),
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
