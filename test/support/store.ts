import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { SessionStoreOptions } from "../../src/sessions/dependencies.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { Device, User } from "../../src/sessions/session.ts";
import type { LoginOutcome, LoginRequest, SessionStore } from "../../src/sessions/store.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { createSessionsTable, testClient } from "./dynamodb.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const SETTINGS: SessionSettings = {
  era: "1",
  timeouts: { idle: 30 * MINUTE, absolute: 12 * HOUR },
  logoutAllSessions: true,
};

export const CHROME: Device = {
  label: "Chrome on Windows",
  class: "desktop",
  userAgent: "chrome",
  address: "192.0.2.1",
};
export const FIREFOX: Device = { label: "Firefox on macOS", class: "desktop" };
export const PHONE: Device = { label: "Safari on iOS", class: "mobile" };

export const user = (id: string, more: Partial<User> = {}): User => ({
  id,
  isAdmin: false,
  permissions: [],
  ...more,
});

/** A clock that stands still until it is moved. */
export class TestClock {
  now = Date.UTC(2030, 0, 1);

  readonly read = (): number => this.now;

  advance(milliseconds: number): void {
    this.now += milliseconds;
  }
}

export interface TestStore {
  readonly store: SessionStore;
  readonly clock: TestClock;
  readonly documents: DocumentClient;
  readonly tableName: string;
  /** Another store over the same table: other settings, clock or client. */
  readonly another: (options: Partial<SessionStoreOptions>) => SessionStore;
}

/** A store over a table of its own. */
export async function createTestStore(options: Partial<SessionStoreOptions> = {}): Promise<TestStore> {
  const documents = options.documents ?? testClient();
  const tableName = options.tableName ?? (await createSessionsTable());
  const clock = new TestClock();
  const another = (more: Partial<SessionStoreOptions>): SessionStore =>
    createSessionStore({ documents, tableName, settings: SETTINGS, clock: clock.read, ...options, ...more });
  return { store: another({}), clock, documents, tableName, another };
}

export const loginRequest = (userId: string, more: Partial<LoginRequest> = {}): LoginRequest => ({
  user: user(userId),
  identitySource: "trusted",
  device: CHROME,
  policy: ONE_SESSION,
  ...more,
});

export type LoggedIn = Extract<LoginOutcome, { outcome: "logged-in" }>;

/** A login that must succeed. */
export async function logIn(
  store: SessionStore,
  userId: string,
  more: Partial<LoginRequest> = {},
): Promise<LoggedIn> {
  const outcome = await store.login(loginRequest(userId, more));
  if (outcome.outcome !== "logged-in") throw new Error(`login answered ${outcome.outcome}`);
  return outcome;
}

/** Which of the tokens validate now, by their places. */
export async function liveAmong(store: SessionStore, tokens: readonly SessionToken[]): Promise<number[]> {
  const validations = await Promise.all(tokens.map((token) => store.validate(token, { touch: false })));
  return validations.flatMap(({ outcome }, index) => (outcome === "live" ? [index] : []));
}
