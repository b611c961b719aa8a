import { setTimeout as sleep } from "node:timers/promises";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describeDevice } from "../../src/http/device.ts";
import { batchPut, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { toRosterItem, toSessionItem } from "../../src/sessions/items.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { BENCH_DEVICE } from "../support/seed.ts";
import { itemBytes, type WireItem } from "../support/units.ts";
import type { Counts } from "./counts.ts";
import { MINUTE } from "./world.ts";

/** A session as a login with a password leaves one; `createdAt` is epoch milliseconds. */
export function sessionOf(userId: string, token: SessionToken, createdAt: number): Session {
  return {
    id: token.sessionId("1"),
    user: { id: userId, isAdmin: false, permissions: [] },
    identitySource: "passwords",
    device: describeDevice({ userAgent: BENCH_DEVICE.userAgent, address: BENCH_DEVICE.address }),
    era: "1",
    createdAt,
    lastSeenAt: createdAt,
    idleExpiresAt: createdAt + 30 * MINUTE,
    expiresAt: createdAt + 12 * 60 * MINUTE,
  };
}

function itemsOf(session: Session) {
  const roster = toRosterItem(session.user.id, {
    version: "v".repeat(16),
    entries: [entryOf(session)],
    leaving: [],
    changedAt: session.createdAt,
    displacements: [],
  });
  return { session: toSessionItem(session), roster };
}

/** Puts users with one session each into the database that the environment names. */
export async function putUsers(
  environment: Readonly<Record<string, string>>,
  tableName: string,
  sessions: readonly Session[],
): Promise<void> {
  const documents = createDocumentClient(environment);
  const items = sessions.map(itemsOf).flatMap(({ session, roster }) => [{ ...session }, { ...roster }]);
  const undone = await batchWrite(
    { documents, tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches(items.map(batchPut)),
  );
  documents.destroy();
  if (undone.length > 0) throw new Error(`${undone.length} items were not written`);
}

/** The items of a user with one session, as they are stored. */
export function storedBytes(userId: string, token: SessionToken): Counts["stored"] {
  const { session, roster } = itemsOf(sessionOf(userId, token, Date.UTC(2030, 0, 1)));
  const bytesOf = (item: object): number =>
    itemBytes(marshall(item, { removeUndefinedValues: true }) as WireItem);
  const { pk, createdAt } = session;
  return {
    session: bytesOf(session),
    roster: bytesOf(roster),
    indexEntry: bytesOf({ pk, userId, createdAt }),
  };
}
