import { ScanCommand, DeleteCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore, createSignInStore } from "../../src/sessions/create-session-store.ts";
import type { SessionStoreOptions } from "../../src/sessions/dependencies.ts";
import { ONE_SESSION, type SessionPolicy } from "../../src/sessions/policy.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import type { LogInBySignInRequest, SignInStore, SignInUse } from "../../src/sessions/sign-in-store.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { createSessionsTable, createSignInTable, sdkDocumentClient, testClient } from "./dynamodb.ts";
import { CHROME, SETTINGS, TestClock, user } from "./store.ts";

/** An instance of the functions: its stores share what it remembers with nobody. */
export interface Instance {
  readonly store: SessionStore;
  readonly signIns: SignInStore;
}

export interface SignInWorld extends Instance {
  readonly clock: TestClock;
  readonly documents: DocumentClient;
  readonly sessionsTable: string;
  readonly signInTable: string;
  /** Another instance over the same tables: other settings, clock or client. */
  readonly another: (options?: Partial<SessionStoreOptions>) => Instance;
}

/** The users of the source with `accessTokens`. */
export const ANN = "pool:ann";
const isOfSource = (userId: string): boolean => userId.startsWith("pool:");

/** Stores over tables of their own. */
export async function createSignInWorld(options: Partial<SessionStoreOptions> = {}): Promise<SignInWorld> {
  const documents = options.documents ?? testClient();
  const [sessionsTable, signInTable] = await Promise.all([createSessionsTable(), createSignInTable()]);
  const clock = new TestClock();
  const another = (more: Partial<SessionStoreOptions> = {}): Instance => {
    const signIns = { tableName: signInTable, isOfSource };
    const all = {
      documents,
      tableName: sessionsTable,
      settings: SETTINGS,
      clock: clock.read,
      ...options,
      ...more,
      signIns,
    };
    return { store: createSessionStore(all), signIns: createSignInStore(all) };
  };
  return { ...another(), clock, documents, sessionsTable, signInTable, another };
}

/** A sign-in of Ann's at this second of the clock, or some seconds before it. */
export const signIn = (
  clock: Pick<TestClock, "now">,
  sessionClaim: string,
  { agoMs = 0, ...more }: Partial<SignIn> & { readonly agoMs?: number } = {},
): SignIn => ({
  issuer: "https://issuer.example",
  userId: ANN,
  sessionClaim,
  signedInAt: Math.floor((clock.now - agoMs) / 1000) * 1000,
  identifiedBy: "claim",
  ...more,
});

/** The use of a sign-in by a client, with the rest as it usually is. */
export const using = (
  signedIn: SignIn,
  {
    policy = ONE_SESSION,
    ...more
  }: Partial<Omit<LogInBySignInRequest, "policy">> & {
    readonly policy?: SessionPolicy;
  } = {},
): LogInBySignInRequest => ({
  signIn: signedIn,
  user: user(signedIn.userId),
  identitySource: "pool",
  device: CHROME,
  policy: () => Promise.resolve(policy),
  ...more,
});

export type Live = Extract<SignInUse, { outcome: "live" }>;

/** A use that must be answered yes. */
export async function useLive(
  signIns: SignInStore,
  ...[signedIn, more]: Parameters<typeof using>
): Promise<Live> {
  const outcome = await signIns.useSignIn(using(signedIn, more));
  if (outcome.outcome !== "live") throw new Error(`the sign-in is ${JSON.stringify(outcome)}`);
  return outcome;
}

/** A client that lets something happen just before its first request of a kind goes out. */
export function meanwhile(
  documents: DocumentClient,
  kind: string,
  happens: () => Promise<unknown>,
): DocumentClient {
  let hasHappened = false;
  return watchingClient(documents, async (name) => {
    if (name !== kind || hasHappened) return;
    hasHappened = true;
    await happens();
  });
}

/** A client that keeps the names of its commands. */
export function recordingClient(documents: DocumentClient): {
  readonly documents: DocumentClient;
  /** What was sent since it was asked last. */
  readonly sent: () => string[];
} {
  let names: string[] = [];
  return {
    documents: watchingClient(documents, (name) => {
      names.push(name);
      return Promise.resolve();
    }),
    sent: () => {
      const all = names;
      names = [];
      return all;
    },
  };
}

function watchingClient(documents: DocumentClient, before: (name: string) => Promise<void>): DocumentClient {
  const send: DocumentClient["send"] = async (command) => {
    const name = command.constructor.name.replace(/Command$/, "");
    await before(name);
    return documents.send(command);
  };
  return { send, destroy: () => documents.destroy() };
}

/** Does what TTL does, at once: removes every item whose time is over by this clock. */
export async function removeByTtl({ clock, sessionsTable, signInTable }: SignInWorld): Promise<void> {
  const documents = sdkDocumentClient();
  for (const TableName of [sessionsTable, signInTable]) {
    const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
    for (const { pk, ttl } of Items)
      if ((ttl as number) * 1000 <= clock.now)
        await documents.send(new DeleteCommand({ TableName, Key: { pk: pk as string } }));
  }
  documents.destroy();
}
