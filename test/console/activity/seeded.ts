import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { locate } from "../../../cli/place.ts";
import { batchDelete, batchWrite, writeBatches } from "../../../src/dynamodb/batch.ts";
import { thisDevice, type PageOptions } from "../../support/console-page.ts";
import { testClient } from "../../support/dynamodb.ts";
import { seedActivity, type Seeded } from "../../support/seed-activity.ts";
import { console } from "../shared-console.ts";

/** `MANY_USERS=10000 npx vitest run test/console -t "the page of|many users"` for a large deployment. */
export const USERS = Number(process.env["MANY_USERS"] ?? 300);
export const SEEDING_MS = 60_000 + 30 * USERS;
export const PATIENCE = { timeout: 60_000 };

const TOLD_MS = 15_000;
const LOOK_EACH_MS = 200;

async function activityTable(): Promise<string> {
  const { activityTable: name } = await locate({ kind: "local", port: console.stack.port });
  if (name === undefined) throw new Error("the stack keeps no activity");
  return name;
}

/** All keys of the activity table. */
async function keysOf(tableName: string): Promise<Record<string, unknown>[]> {
  const keys: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await testClient().send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ProjectionExpression: "pk, sk",
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    keys.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return keys;
}

/**
 * Forgets all that is kept of activity, once the outbox has told what happened so far: after a while in which
 * nothing came.
 */
export async function forgetActivity(): Promise<void> {
  const tableName = await activityTable();
  const until = performance.now() + TOLD_MS;
  let before = -1;
  let keys = await keysOf(tableName);
  while (keys.length !== before && performance.now() < until) {
    before = keys.length;
    await sleep(5 * LOOK_EACH_MS);
    keys = await keysOf(tableName);
  }
  const undone = await batchWrite(
    { documents: testClient(), tableName, sleep, jitter: Math.random, stopwatch: () => performance.now() },
    writeBatches(keys.map((key) => batchDelete(key))),
  );
  if (undone.length > 0) throw new Error(`${undone.length} items were not deleted`);
}

let seeding: Promise<Seeded> | undefined;

/** The activity of {@link USERS} users, and nothing else but what comes after; put once a run. */
export const seedOnce = (): Promise<Seeded> =>
  (seeding ??= (async () => {
    await forgetActivity();
    return seedActivity({
      ...{ documents: testClient(), tableName: await activityTable() },
      ...{ users: USERS, now: Date.now() },
    });
  })());

/** A page that staff is signed in to. */
export async function openPage(path: string, options?: PageOptions): Promise<Page> {
  const page = await console.open({ ...options, as: "staff", path });
  // Its program is loaded then, whatever becomes of the connection.
  if (path === "/") await thisDevice(page).waitFor();
  return page;
}

/** Goes on in Dutch, on a wide screen. */
export async function speakDutch(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Nederlands" }).click();
  await page.getByRole("button", { name: "Taal" }).waitFor();
}
