import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import { idleExpiry, type Session } from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { leaveDatabase } from "./database-endpoint.ts";
import { CHROME, user } from "./store.ts";

/** Of so many there are changes in streams that make a database slow. */
const MANY = 100;

/**
 * Puts users with so many sessions each into a table that has none of them, 25 items at a time, as their
 * logins would have left it. For tests of what comes after: thousands of logins take minutes.
 * @returns the tokens, user after user.
 */
export async function seedSessions(
  documents: DocumentClient,
  tableName: string,
  settings: SessionSettings,
  users: readonly { readonly userId: string; readonly sessions: number }[],
): Promise<SessionToken[]> {
  const now = Date.now();
  if (users.length > MANY) leaveDatabase();
  const tokens: SessionToken[] = [];
  const items = users.flatMap(({ userId, sessions: count }) => {
    const sessions = Array.from({ length: count }, (): Session => {
      const token = SessionToken.generate();
      tokens.push(token);
      const expiresAt = now + settings.timeouts.absolute;
      return {
        id: token.sessionId(settings.era),
        user: user(userId),
        identitySource: "trusted",
        device: CHROME,
        era: settings.era,
        createdAt: now,
        lastSeenAt: now,
        idleExpiresAt: idleExpiry(now, expiresAt, settings.timeouts),
        expiresAt,
      };
    });
    const version = randomBytes(12).toString("base64url");
    const roster = {
      version,
      entries: sessions.map(entryOf),
      leaving: [],
      changedAt: now,
      displacements: [],
    };
    return [toRosterItem(userId, roster), ...sessions.map(toSessionItem)];
  });
  const undone = await batchWrite(
    { documents, tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches(items.map((item) => batchPut({ ...item }))),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
  return tokens;
}
