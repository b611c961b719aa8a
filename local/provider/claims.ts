import { createHash, randomUUID } from "node:crypto";
import type { DemoUser } from "../../cli/demo-users.ts";
import {
  authTimeClaimOf,
  hasAccessTokens,
  sessionClaimOf,
  type OidcSourceSettings,
} from "../../src/identity/oidc-settings.ts";

export type TokenClaims = Record<string, unknown>;

/** What is known of a sign-in when a token of it is made. */
export interface SignIn {
  /** The same in every token of the sign-in, refreshed ones too. */
  readonly id: string;
  readonly clientId: string;
  /** Epoch seconds. */
  readonly authTime: number;
  readonly scope: string;
}

/** A UUID that follows from its parts. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** Cognito's are UUIDs; elsewhere the name says more to a developer. */
export const subjectOf = ({ kind }: OidcSourceSettings, issuer: string, { userName }: DemoUser): string =>
  kind === "cognito" ? uuidOf(issuer, userName) : userName;

/**
 * Claims that only id tokens have, beside what the protocol gives. Cognito's are those of "Understanding the
 * identity (ID) token" in its developer guide.
 */
export function idTokenClaims(source: OidcSourceSettings, user: DemoUser, signIn: SignIn): TokenClaims {
  const shared = sharedClaims(source, user, signIn);
  const profile = { email: emailOf(user), email_verified: true };
  if (source.kind !== "cognito") {
    return { name: user.userName, preferred_username: user.userName, ...profile, ...shared };
  }
  return {
    ...profile,
    ...shared,
    "cognito:username": user.userName,
    event_id: eventIdOf(signIn),
    token_use: "id",
    jti: randomUUID(),
  };
}

/**
 * Claims that only access tokens have, beside `iss`, `sub`, `client_id`, `iat` and `exp`. Cognito's are those
 * of "Understanding the access token" in its developer guide.
 */
export function accessTokenClaims(source: OidcSourceSettings, user: DemoUser, signIn: SignIn): TokenClaims {
  const shared = { ...sharedClaims(source, user, signIn), scope: scopeOf(source, user, signIn) };
  if (source.kind !== "cognito") return shared;
  return {
    ...shared,
    version: 2,
    event_id: eventIdOf(signIn),
    token_use: "access",
    jti: randomUUID(),
    username: user.userName,
  };
}

function sharedClaims(source: OidcSourceSettings, user: DemoUser, { id, authTime }: SignIn): TokenClaims {
  const claims: TokenClaims = { auth_time: authTime, ...groupClaims(source, user) };
  // Also where no access token is accepted: the provider has it either way.
  claims[source.kind === "cognito" ? "origin_jti" : "sid"] = id;
  if (hasAccessTokens(source)) {
    claims[sessionClaimOf(source)] ??= id;
    claims[authTimeClaimOf(source)] ??= authTime;
  }
  const { userIdClaim = "sub" } = source;
  // Whatever claim the source goes by, there is one.
  if (!OF_THE_TOKEN.includes(userIdClaim)) claims[userIdClaim] ??= user.userName;
  return claims;
}

/** Claims by which users may be told apart, and that are there anyway or come from somewhere else. */
const OF_THE_TOKEN = ["sub", "username", "cognito:username", "email", "preferred_username"];

/** A user's address, which is made up where the name is none. */
export const emailOf = ({ userName }: DemoUser): string =>
  userName.includes("@") ? userName : `${userName}@example.com`;

/** Of all tokens that one call made. */
const eventIdOf = ({ id, authTime }: SignIn): string => uuidOf("event", id, authTime);

/** The claims that list groups, by the source's mapping; `admin` is what it calls administrators. */
export function groupClaims({ kind, mapping }: OidcSourceSettings, user: DemoUser): TokenClaims {
  const { adminClaim, adminValues, permissionsClaim } = mapping;
  const groups = groupsOf({ mapping }, user);
  const names = new Set([
    kind === "cognito" ? "cognito:groups" : "groups",
    ...(adminClaim !== undefined && adminValues !== undefined ? [adminClaim] : []),
    ...(permissionsClaim === undefined ? [] : [permissionsClaim]),
  ]);
  names.delete("scope");
  return {
    ...(groups.length > 0 && Object.fromEntries([...names].map((name) => [name, groups]))),
    ...(user.isAdmin && adminClaim !== undefined && adminValues === undefined && { [adminClaim]: true }),
  };
}

/** A user's groups as the source's tokens name them. */
function groupsOf({ mapping }: Pick<OidcSourceSettings, "mapping">, user: DemoUser): string[] {
  const admins = mapping.adminValues?.[0] ?? "admin";
  return [...(user.isAdmin ? [admins] : []), ...user.permissions];
}

/** Users by name with their groups; without any where there is no source to name them. */
export const withGroups = (
  users: readonly DemoUser[],
  source: OidcSourceSettings | undefined,
): { readonly userName: string; readonly groups: string[] }[] =>
  users.map((user) => ({ userName: user.userName, groups: source ? groupsOf(source, user) : [] }));

/** What of the scope is for the protocol alone, in tokens of a sign-in by password. */
export const PASSWORD_SCOPE = "openid aws.cognito.signin.user.admin";

function scopeOf(source: OidcSourceSettings, user: DemoUser, { scope }: SignIn): string {
  if (source.kind === "cognito" && scope === PASSWORD_SCOPE) return "aws.cognito.signin.user.admin";
  return source.mapping.permissionsClaim === "scope" ? [scope, ...groupsOf(source, user)].join(" ") : scope;
}
