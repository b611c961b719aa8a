import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { batchDelete, batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import { idleExpiry, type Device, type Session, type User } from "../../src/sessions/session.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { expect } from "./rounds.ts";

/** What a browser's login leaves in a session: as much as is usual, so that items have their usual size. */
export const BENCH_DEVICE = {
  label: "Chrome on Windows",
  class: "desktop",
  userAgent:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  address: "203.0.113.17",
} as const satisfies Device;

export const benchUser = (id: string): User => ({ id, isAdmin: false, permissions: [] });

const MINUTE = 60_000;

/** The settings that ship. */
export const SETTINGS: SessionSettings = {
  era: "1",
  timeouts: { idle: 30 * MINUTE, absolute: 12 * 60 * MINUTE },
  logoutAllSessions: true,
};

export type Item = Record<string, unknown>;
type Settings = Pick<SessionSettings, "era" | "timeouts">;

/** A user with one session, as a login would have left them. */
export interface SeededUser {
  readonly userId: string;
  readonly token: SessionToken;
  readonly session: Session;
  /** The items: the session's, and the roster's. */
  readonly items: readonly [session: Item, roster: Item];
}

/**
 * The token that a seeded user gets. Made of the user's id, so that two processes agree on it without telling
 * each other.
 */
export const seededToken = (userId: string): SessionToken =>
  SessionToken.generate(() => createHash("sha256").update(`seeded ${userId}`).digest());

/** A user with a session as a login leaves it. @param createdAt epoch milliseconds. */
export function seededUser(
  { era, timeouts }: Settings,
  userId: string,
  createdAt: number,
  more: Partial<Pick<Session, "user" | "device" | "identitySource" | "channel">> = {},
): SeededUser {
  const token = seededToken(userId);
  const expiresAt = createdAt + timeouts.absolute;
  const session: Session = {
    ...{ id: token.sessionId(era), user: benchUser(userId), identitySource: "trusted" },
    ...{ device: BENCH_DEVICE, era, createdAt, lastSeenAt: createdAt, expiresAt },
    idleExpiresAt: idleExpiry(createdAt, expiresAt, timeouts),
    ...more,
  };
  const roster = toRosterItem(userId, {
    version: createHash("sha256").update(session.id).digest("base64url").slice(0, 16),
    entries: [entryOf(session)],
    leaving: [],
    changedAt: createdAt,
    displacements: [],
  });
  return { userId, token, session, items: [{ ...toSessionItem(session) }, { ...roster }] };
}

/** A table of sessions to write to. */
export interface Place {
  readonly documents: DocumentClient;
  readonly tableName: string;
}

/** Puts and deletes items, however many. @throws Error where the database left something unwritten. */
export async function writeItems(
  place: Place,
  put: readonly Item[],
  remove: readonly { readonly pk: string }[] = [],
): Promise<void> {
  const undone = await batchWrite(
    { ...place, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches([...put.map(batchPut), ...remove.map(batchDelete)]),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
}

/**
 * Puts users with one session each into a table: thousands of logins would take minutes.
 * @param seenAgoMs how long ago they were last seen.
 */
export async function seedUsers(
  { settings, ...place }: Place & { readonly settings: Settings },
  userIds: readonly string[],
  seenAgoMs = 0,
): Promise<SeededUser[]> {
  const users = userIds.map((userId) => seededUser(settings, userId, Date.now() - seenAgoMs));
  const { documents, tableName } = place;
  await writeItems(
    { documents, tableName },
    users.flatMap(({ items }) => items),
  );
  return users;
}

/** User ids that nobody has had. */
export const newUserIds = (count: number): string[] =>
  Array.from({ length: count }, () => `user-${randomUUID()}`);

/** A login of a user at a device. @throws Error where it displaces more or fewer sessions than it must. */
export async function logIn(
  store: SessionStore,
  userId: string,
  displaced?: number,
  who: Pick<Session, "user" | "device"> = { user: benchUser(userId), device: BENCH_DEVICE },
): Promise<LoggedIn> {
  const outcome = await store.login({ ...who, identitySource: "trusted", policy: ONE_SESSION });
  if (outcome.outcome !== "logged-in") throw new Error(`a login was ${JSON.stringify(outcome)}`);
  if (displaced !== undefined) expect(outcome.displaced.length, displaced);
  return outcome;
}
type LoggedIn = Extract<Awaited<ReturnType<SessionStore["login"]>>, { readonly outcome: "logged-in" }>;
