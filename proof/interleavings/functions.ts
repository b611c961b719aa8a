import { createHash, randomBytes } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { UserDirectory } from "../../src/identity/directory.ts";
import type { PasswordSource } from "../../src/identity/passwords.ts";
import type { UserManagement } from "../../src/identity/manage-users.ts";
import type { BackoffDependencies } from "../../src/dynamodb/backoff.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { ABSOLUTE_MS, IDLE_MS, type Plan } from "./plan.ts";
import type { Product } from "../histories/product.ts";

/** Where plans run: tables of their own, empty before and after each plan. */
export interface Place {
  /** A client without tries of its own. */
  readonly documents: DynamoDBDocumentClient;
  readonly tables: Readonly<Record<"sessions" | "users", string>>;
}

/** What one function instance has: its own clock, randomness and client. */
export interface Instance {
  readonly store: SessionStore;
  readonly directory: UserDirectory;
  readonly passwords: PasswordSource;
  readonly management: UserManagement;
}

export interface InstanceOptions {
  readonly product: Product;
  readonly place: Place;
  readonly plan: Plan;
  /** Seeds its randomness: the same plan gives the same ids. */
  readonly name: string;
  readonly documents: DynamoDBDocumentClient;
  readonly clock: () => number;
  /** A wait; how long does not matter. */
  readonly pause: () => Promise<unknown>;
}

const REQUEST_TOKEN_BYTES = 16;

/** A function instance in which nothing is left to chance. Its patience does not end: a plan's turns do. */
export function createInstance(options: InstanceOptions): Instance {
  const { product, place, plan, name, documents, clock, pause } = options;
  let count = 0;
  // The database remembers a request token for ten minutes, and so across plans; nothing is ordered by it.
  const random = (size: number): Uint8Array =>
    size === REQUEST_TOKEN_BYTES
      ? randomBytes(size)
      : createHash("sha256").update(`${name}/${count++}`).digest().subarray(0, size);
  const waiting: BackoffDependencies = { sleep: pause, jitter: () => 0, stopwatch: () => 0 };
  const parts = { ...waiting, documents, tables: place.tables, clock, random };
  const settings = {
    era: "1",
    timeouts: { idle: plan.idleTimeout ? IDLE_MS : "none", absolute: ABSOLUTE_MS },
    logoutAllSessions: plan.logoutAllSessions,
    places: true,
  } as const;
  const store = product.wireStore({ ...parts, settings });
  const directory = product.wireDirectory(parts)!;
  return {
    store,
    directory,
    passwords: product.createPasswordSource(directory, plainHasher),
    management: product.createUserManagement({
      directory,
      sessions: store,
      hasher: plainHasher,
      sleep: pause,
    }),
  };
}

/** Hashing proper runs on another thread, which would end when it likes. */
const plainHasher = {
  hash: (password: string) => Promise.resolve(password),
  verify: (password: string, hash: string) => Promise.resolve(password === hash),
};
