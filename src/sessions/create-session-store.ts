import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SessionSettings, StoreDependencies } from "./dependencies.ts";
import { endOne, endOthers, logout } from "./end-own.ts";
import { listAll, listEndings, listUser } from "./list.ts";
import { login } from "./login.ts";
import { revoke } from "./revoke.ts";
import type { SessionStore } from "./store.ts";
import { validate } from "./validate.ts";

/** What a store needs; time, randomness and waiting are the real ones unless given. */
export type SessionStoreOptions = Partial<StoreDependencies> & {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly settings: SessionSettings;
};

/** The store of one sessions table. See {@link SessionStore} for what it promises. */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const dependencies: StoreDependencies = {
    clock: Date.now,
    random: randomBytes,
    sleep,
    jitter: Math.random,
    stopwatch: () => performance.now(),
    onTouchFailure: () => undefined,
    ...options,
  };
  return {
    login: (request) => login(dependencies, request),
    validate: (token, how) => validate(dependencies, token, how),
    logout: (token) => logout(dependencies, token),
    endOne: (token, id) => endOne(dependencies, token, id),
    endOthers: (token) => endOthers(dependencies, token),
    revoke: (request) => revoke(dependencies, request),
    listUser: (userId, page) => listUser(dependencies, userId, page),
    listAll: (page) => listAll(dependencies, page),
    listEndings: (userId, page) => listEndings(dependencies, userId, page),
  };
}
