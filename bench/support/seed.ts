import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { batchDelete, batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import { idleExpiry, type Device, type Session, type User } from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";

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

/** A session as a login leaves it. @param createdAt epoch milliseconds. */
export function newSession(
  { era, timeouts }: Settings,
  token: SessionToken,
  createdAt: number,
  who: Pick<Session, "user"> & Partial<Pick<Session, "device" | "identitySource" | "channel">>,
): Session {
  const expiresAt = createdAt + timeouts.absolute;
  return {
    id: token.sessionId(era),
    identitySource: "trusted",
    device: BENCH_DEVICE,
    ...who,
    era,
    createdAt,
    lastSeenAt: createdAt,
    idleExpiresAt: idleExpiry(createdAt, expiresAt, timeouts),
    expiresAt,
  };
}

/** The items of a user with this one session: the session's, and the roster's. */
export function itemsWith(session: Session): [session: Item, roster: Item] {
  const roster = toRosterItem(session.user.id, {
    version: createHash("sha256").update(session.id).digest("base64url").slice(0, 16),
    entries: [entryOf(session)],
    leaving: [],
    changedAt: session.createdAt,
    displacements: [],
  });
  return [{ ...toSessionItem(session) }, { ...roster }];
}

/** Puts and deletes items, however many. @throws Error where the database left something unwritten. */
export async function writeItems(
  documents: DocumentClient,
  tableName: string,
  put: readonly Item[],
  remove: readonly { readonly pk: string }[] = [],
): Promise<void> {
  const undone = await batchWrite(
    { documents, tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches([...put.map(batchPut), ...remove.map(batchDelete)]),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
}

/** A user with one session, as a login would have left them. */
export interface SeededUser {
  readonly userId: string;
  readonly token: SessionToken;
  readonly session: Session;
}

export interface SeedOptions {
  /** Where the sessions go. */
  readonly documents: DocumentClient;
  readonly tableName: string;
  readonly settings: Settings;
  /** How long ago the users were last seen, in milliseconds. */
  readonly seenAgoMs?: number;
}

/**
 * The token that a seeded user gets. Made of the user's id, so that two processes agree on it without telling
 * each other.
 */
export const seededToken = (userId: string): SessionToken =>
  SessionToken.generate(() => createHash("sha256").update(`seeded ${userId}`).digest());

/** Puts users with one session each into a table: thousands of logins would take minutes. */
export async function seedUsers(
  { documents, tableName, settings, seenAgoMs = 0 }: SeedOptions,
  userIds: readonly string[],
): Promise<SeededUser[]> {
  const users = userIds.map((userId) => {
    const token = seededToken(userId);
    const session = newSession(settings, token, Date.now() - seenAgoMs, { user: benchUser(userId) });
    return { userId, token, session };
  });
  await writeItems(
    documents,
    tableName,
    users.flatMap(({ session }) => itemsWith(session)),
  );
  return users;
}
