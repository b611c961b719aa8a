import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import { idleExpiry, type Device, type Session, type User } from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";

/**
 * What a browser's login leaves in a session: as much of it as is usual, so that items have their usual size.
 */
export const BENCH_DEVICE: Device = {
  label: "Chrome on Windows",
  class: "desktop",
  userAgent:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  address: "203.0.113.17",
};

export const benchUser = (id: string): User => ({ id, isAdmin: false, permissions: [] });

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
  readonly settings: Pick<SessionSettings, "era" | "timeouts">;
  /** How long ago the users were last seen, in milliseconds. */
  readonly seenAgoMs?: number;
}

/**
 * The token that a seeded user gets. Made of the user's id, so that two processes agree on it without telling
 * each other.
 */
export const seededToken = (userId: string): SessionToken =>
  SessionToken.generate(() => createHash("sha256").update(`seeded ${userId}`).digest());

/**
 * Puts users with one session each into a table, 25 items at a time: thousands of logins would take minutes.
 * @throws Error where the database left something unwritten.
 */
export async function seedUsers(options: SeedOptions, userIds: readonly string[]): Promise<SeededUser[]> {
  const users = userIds.map((userId) => seededUser(options, userId, Date.now()));
  const items = users.flatMap(({ userId, session }) => [
    toSessionItem(session),
    toRosterItem(userId, {
      version: randomBytes(12).toString("base64url"),
      entries: [entryOf(session)],
      leaving: [],
      changedAt: session.createdAt,
      displacements: [],
    }),
  ]);
  const { documents, tableName } = options;
  const undone = await batchWrite(
    { documents, tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches(items.map((item) => batchPut({ ...item }))),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
  return users;
}

function seededUser({ settings, seenAgoMs = 0 }: SeedOptions, userId: string, now: number): SeededUser {
  const { era, timeouts } = settings;
  const token = seededToken(userId);
  const createdAt = now - seenAgoMs;
  const expiresAt = createdAt + timeouts.absolute;
  return {
    userId,
    token,
    session: {
      id: token.sessionId(era),
      user: benchUser(userId),
      identitySource: "trusted",
      device: BENCH_DEVICE,
      era,
      createdAt,
      lastSeenAt: createdAt,
      idleExpiresAt: idleExpiry(createdAt, expiresAt, timeouts),
      expiresAt,
    },
  };
}
