import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { createSignInStore } from "../../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";

/** What somebody holds who signed in, and what the API says of it. */
export interface Held {
  readonly who: string;
  readonly token: string;
}

/** A login with a password. @returns the token, or the code of the refusal */
export async function signIn(
  url: string,
  username: string,
  password = DEMO_PASSWORD,
): Promise<{ readonly token?: string; readonly status: number }> {
  const response = await fetch(`${url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password, deliver: "token" }),
  });
  const { token } = (await response.json()) as { token?: string };
  return { status: response.status, ...(token !== undefined && { token }) };
}

/** @throws Error where the login is refused. */
export async function signedIn(url: string, who: string, password?: string): Promise<Held> {
  const { token, status } = await signIn(url, who, password);
  if (token === undefined) throw new Error(`the login of ${who} answered ${status}`);
  return { who, token };
}

export async function signOut(url: string, { token }: Held): Promise<void> {
  await fetch(`${url}/logout`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
}

/** `live`, or the code of the refusal. */
export async function standingOf(url: string, { token }: Held): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/session?watch=1`, { headers });
  return response.status === 200 ? "live" : ((await response.json()) as { code: string }).code;
}

const SOURCE = "pool";

/** The tables of a stack, by the protocol for the access tokens of a provider. */
export interface ProviderWorld {
  readonly documents: DynamoDBDocumentClient;
  readonly sessionsTable: string;
  readonly signInTable: string;
}

/**
 * A call with an access token of a sign-in at a provider, through the store that the functions use.
 * @param admitFrom the source's setting, in epoch milliseconds.
 * @returns `live`, or why not.
 */
export async function callWith(
  { documents, sessionsTable, signInTable }: ProviderWorld,
  signIn: SignIn,
  { era, admitFrom }: { readonly era: string; readonly admitFrom?: number },
): Promise<string> {
  const store = createSignInStore({
    documents,
    tableName: sessionsTable,
    settings: { era, timeouts: { idle: "none", absolute: 3_600_000 }, logoutAllSessions: true },
    signIns: { tableName: signInTable, isOfSource: (userId) => userId.startsWith(`${SOURCE}:`) },
  });
  const { outcome } = await store.useSignIn({
    signIn,
    admitFrom,
    user: { id: signIn.userId, isAdmin: false, permissions: [] },
    identitySource: SOURCE,
    device: { label: signIn.sessionClaim, class: "mobile" },
    policy: () => Promise.resolve(ONE_SESSION),
  });
  return outcome;
}

/** Ann's sign-in on a device, so many seconds ago. */
export const signInOfAnn = (device: string, secondsAgo: number): SignIn => ({
  issuer: "https://issuer.example",
  userId: `${SOURCE}:ann`,
  sessionClaim: device,
  signedInAt: Math.floor(Date.now() / 1000 - secondsAgo) * 1000,
  identifiedBy: "claim",
});
