import { describe, expect, test } from "vitest";
import type { ActivityRecord } from "../../src/activity/activity.ts";
import { COUNTER_NAMES, counterOf, HOUR_MS, hourOf, type CounterName } from "../../src/activity/items.ts";
import { queryHours, createActivityReader } from "../../src/activity/reader.ts";
import { recount } from "../../src/activity/recount.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { HOUR, LAPTOP, NOW, PHONE } from "../../test/activity/support.ts";
import { createActivityTable, testClient } from "../../test/support/dynamodb.ts";

/**
 * A function is killed at each of its requests, before it takes effect and after, and the batch is given
 * again, as Lambda does: no record is there twice or missing, no counter is ever above the truth, and after a
 * recount each is the truth (rule 34).
 */

const KILLED = Symbol("killed");
type Moment = "before" | "after";

/** A client whose function dies at its nth request; the function never hears of anything again. */
function dyingAt(real: DocumentClient, nth: number, moment: Moment) {
  const { promise: death, resolve: die } = Promise.withResolvers<typeof KILLED>();
  const forever = new Promise<never>(() => undefined);
  let sent = 0;
  const documents: DocumentClient = {
    async send(command) {
      const index = sent++;
      if (index > nth) return forever;
      if (index < nth) return real.send(command);
      if (moment === "after") await real.send(command);
      die(KILLED);
      return forever;
    },
    destroy: () => undefined,
  };
  return { documents, death, sent: () => sent };
}

/** Starts, ends and a suspicion of two hours, told in one batch. */
const batchOf = (run: string): readonly ActivityRecord[] =>
  [
    { id: "s1", at: NOW, kind: "started" },
    { id: "s2", at: NOW - HOUR, kind: "started" },
    { id: "e1", at: NOW, kind: "ended", reason: "displaced" },
    { id: "c1", at: NOW, kind: "contention", devices: [PHONE, LAPTOP], suspicion: "displacements" },
  ].map((record) => ({ ...record, id: `${run}-${record.id}`, userId: run }) as ActivityRecord);

const HOURS = [hourOf(NOW) - HOUR_MS, hourOf(NOW)];

async function createWorld(run: string) {
  const tableName = await createActivityTable();
  const real = testClient();
  let now = NOW;
  const clock = () => now;
  const records = batchOf(run);
  const truth = (hour: number, counter: CounterName): number =>
    records.filter((record) => hourOf(record.at) === hour && counterOf(record) === counter).length;
  const counters = async () => {
    const items = await queryHours({ documents: real, tableName }, HOURS[0]!, HOURS[1]!);
    return HOURS.flatMap((hour) => {
      const item = items.find(({ sk }) => sk === new Date(hour).toISOString().slice(0, 13)) ?? {};
      return COUNTER_NAMES.map((counter) => ({
        counter: `${counter} of ${hour}`,
        counted: (item[counter] as number | undefined) ?? 0,
        truth: truth(hour, counter),
      }));
    });
  };
  const recountWith = (documents: DocumentClient) => {
    now += 1000;
    const sleep = () => Promise.resolve();
    return recount({ documents, tableName, clock, sleep }, { from: HOURS[0]!, to: HOURS[1]! });
  };
  return {
    records,
    neverTooMany: async () => {
      for (const { counter, counted, truth: most } of await counters())
        expect(counted, counter).toBeLessThanOrEqual(most);
    },
    put: (documents: DocumentClient = real) => {
      now += 1;
      return createActivityWriter({ documents, tableName, clock }).putAll(records);
    },
    recountWith: (documents: DocumentClient = real) => recountWith(documents),
    isTrue: async () => {
      for (const { counter, counted, truth: exact } of await counters()) expect(counted, counter).toBe(exact);
      const reader = createActivityReader({ documents: real, tableName, clock });
      const { items } = await reader.list({ from: 0, to: NOW, limit: 50 });
      expect(items.map(({ id }) => id).sort()).toEqual(records.map(({ id }) => id).sort());
      return (await reader.suspects({ limit: 5 })).items;
    },
    real,
  };
}

/** How many requests a batch takes: four puts, two additions, and two of the suspect. */
const REQUESTS = 8;

describe.each<Moment>(["before", "after"])("killed %s a request takes effect", (moment) => {
  test.each(Array.from({ length: REQUESTS }, (_, nth) => nth))("number %i of a batch", async (nth) => {
    const run = `${moment}-${nth}`;
    const world = await createWorld(run);
    const dying = dyingAt(world.real, nth, moment);
    expect(await Promise.race([world.put(dying.documents), dying.death])).toBe(KILLED);
    await world.neverTooMany();
    // Given again, to two functions at once at that.
    await Promise.all([world.put(), world.put()]);
    await world.neverTooMany();
    await world.recountWith();
    const [suspect, ...others] = await world.isTrue();
    // What the death lost of a suspect stays lost, and is never told twice.
    expect([undefined, 1]).toContain(suspect?.times);
    expect(others).toEqual([]);
  });

  test.each([0, 1, 2, 29, 55, 56, 57])("number %i of a recount", async (nth) => {
    const world = await createWorld(`recount-${moment}-${nth}`);
    // The counts of the batch are lost: it died after its puts.
    const dying = dyingAt(world.real, 3, "after");
    expect(await Promise.race([world.put(dying.documents), dying.death])).toBe(KILLED);
    const recounting = dyingAt(world.real, nth, moment);
    await Promise.race([world.recountWith(recounting.documents), recounting.death]);
    await world.neverTooMany();
    await world.put();
    await world.neverTooMany();
    await world.recountWith();
    await world.isTrue();
  });
});

test("a batch without a death takes as many requests as are killed above", async () => {
  const world = await createWorld("whole");
  const whole = dyingAt(world.real, Infinity, "before");
  expect((await world.put(whole.documents)).lost).toEqual([]);
  expect(whole.sent()).toBe(REQUESTS);
  expect(await world.isTrue()).toMatchObject([{ times: 1 }]);
});
