import { createGuard, type Guard, type GuardOptions } from "../../guard/index.ts";
import {
  GUARD_ENVIRONMENT,
  type GuardSettings,
  type GuardTable,
} from "../../src/runtime/function-settings.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createTestStore, logIn, SETTINGS, user } from "../support/store.ts";

export const ALLOWED_ORIGIN = "https://app.example.com";

/** The environment that `sessions.protect(fn)` and Lambda give, for the test database. */
export function guardEnvironment(
  tableName: string,
  settings: Partial<GuardSettings> = {},
  endpoint = testDatabaseEndpoint(),
): Record<string, string> {
  return {
    [GUARD_ENVIRONMENT.table]: JSON.stringify({
      name: tableName,
      region: "eu-central-1",
      endpoint,
    } satisfies GuardTable),
    [GUARD_ENVIRONMENT.settings]: JSON.stringify({
      ...SETTINGS,
      allowedOrigins: [ALLOWED_ORIGIN],
      ...settings,
    } satisfies GuardSettings),
    AWS_ACCESS_KEY_ID: "guard",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

export interface Guarded {
  readonly guard: Guard;
  readonly store: SessionStore;
  readonly tableName: string;
  /** A login; the token it gave. */
  logIn(userId: string, more?: { isAdmin?: boolean; permissions?: readonly string[] }): Promise<string>;
}

/** A guard and a store over one table of their own, both with the real time. */
export async function startGuarded(
  options: Omit<GuardOptions, "environment"> & {
    readonly settings?: Partial<GuardSettings>;
    /** Of a proxy before the database, for the guard. */
    readonly endpoint?: string;
  } = {},
): Promise<Guarded> {
  const { settings, endpoint, ...rest } = options;
  const { another, tableName } = await createTestStore();
  const store = another({ clock: Date.now });
  const environment = guardEnvironment(tableName, settings, endpoint);
  return {
    guard: createGuard({ environment, ...rest }),
    store,
    tableName,
    logIn: async (userId, more) => (await logIn(store, userId, { user: user(userId, more) })).token.reveal(),
  };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const cookie = (token: string) => ({ cookie: `__Host-session=${token}` });
