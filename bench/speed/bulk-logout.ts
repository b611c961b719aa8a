import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { range, sum } from "d3-array";
import { BATCHES_AT_ONCE, batchDelete, batchPut, writeBatches } from "../../src/dynamodb/batch.ts";
import { toEndingItem } from "../../src/sessions/items.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { expect } from "../support/rounds.ts";
import { BENCH_DEVICE, seededToken } from "../support/seed.ts";
import type { World } from "./world.ts";

/** Who logs out everybody: the store, or a bare `BatchWriteItem` of the same writes. */
export const BULK_WAYS = ["store", "bare"] as const;
export type BulkWay = (typeof BULK_WAYS)[number];

/** One logout of everybody, in a process of its own. */
export interface BulkRun {
  readonly way: BulkWay;
  readonly round: number;
  readonly users: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** The most memory that the process had resident, by the kernel's own account, in bytes. */
  readonly residentPeak: number;
  /** The highest heap in use that was seen, over that at the beginning, in bytes. */
  readonly peakHeapBytes: number;
}

/** What the function takes in one call. */
const USERS_AT_ONCE = 1000;
/**
 * What is left of the 29 seconds that an HTTP API waits, but for the margin; a chunk takes a fraction of it.
 */
const BUDGET_MS = 27_000;
const SAMPLE_EVERY_MS = 10;
const REVOKED_BY = "administrator";

/** The users of one logout of everybody: the ones measured, and some to warm up on. */
export const bulkUserIds = (way: BulkWay, round: number, users: number) => ({
  measured: range(users).map((number) => `bulk-${way}-${round}-${number}`),
  warmUp: range(USERS_AT_ONCE).map((number) => `warm-up-${way}-${round}-${number}`),
});

/**
 * Logs out everybody, a thousand users after the other as an operator's script would by the function, and
 * says what it took. Needs a process of its own, started with `--expose-gc`: its memory is then nobody
 * else's.
 */
export async function runBulkLogout(
  world: World,
  way: BulkWay,
  round: number,
  users: number,
): Promise<BulkRun> {
  const logOut = way === "store" ? revokeByStore : writeBare;
  const { measured, warmUp } = bulkUserIds(way, round, users);
  await logOut(world, warmUp);
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("start it with --expose-gc");
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  let peak = heapBefore;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed)), SAMPLE_EVERY_MS);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let start = 0; start < users; start += USERS_AT_ONCE) {
    await logOut(world, measured.slice(start, start + USERS_AT_ONCE));
  }
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(timer);
  return {
    ...{ way, round, users, milliseconds, cpuMilliseconds: (user + system) / 1000 },
    peakHeapBytes: peak - heapBefore,
    residentPeak: process.resourceUsage().maxRSS * 1024,
  };
}

/** The store's revoke, given what the function gives it. */
async function revokeByStore({ store }: World, userIds: readonly string[]): Promise<void> {
  const { loggedOut } = await store.revoke({
    userIds,
    revokedBy: REVOKED_BY,
    deadline: Date.now() + BUDGET_MS,
    spare: (_userId, liveSessions) => liveSessions.some(({ user }) => user.isAdmin),
  });
  expect(
    sum(loggedOut, ({ sessionCount }) => sessionCount),
    userIds.length,
  );
}

/** The same writes, endings before deletes, by somebody who knows all session ids and what is in them. */
async function writeBare(
  { bare, sessionsTable, settings }: World,
  userIds: readonly string[],
): Promise<void> {
  const now = Date.now();
  const sessions = userIds.map((userId) => ({ userId, id: seededToken(userId).sessionId(settings.era) }));
  const endings = sessions.map(({ userId, id }) =>
    toEndingItem({
      ...{ sessionId: id, userId, reason: "revoked", endedAt: now, endedBy: REVOKED_BY },
      ...{ endedDevice: BENCH_DEVICE.label, expiresAt: now + settings.timeouts.absolute },
    }),
  );
  const writeAtOnce = async (writes: Parameters<typeof writeBatches>[0]): Promise<void> => {
    const remaining = writeBatches(writes).values();
    const writer = async (): Promise<void> => {
      for (const batch of remaining) {
        const command = new BatchWriteCommand({ RequestItems: { [sessionsTable]: batch } });
        expect(Object.keys((await bare.send(command)).UnprocessedItems ?? {}).length, 0);
      }
    };
    await Promise.all(range(BATCHES_AT_ONCE).map(writer));
  };
  // Without `undefined`, which a document client without options refuses.
  const plain = (item: object) => JSON.parse(JSON.stringify(item)) as Record<string, unknown>;
  await writeAtOnce(endings.map((ending) => batchPut(plain(ending))));
  await writeAtOnce(sessions.map(({ id }) => batchDelete(sessionKey(id))));
}
