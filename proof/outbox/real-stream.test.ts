import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { SessionEvent } from "../../src/outbox/events.ts";
import { createToldStore, type ToldStore } from "../../test/outbox/support.ts";
import { startFakeTargets } from "../../test/support/fake-targets.ts";
import { Draws } from "../../test/support/seeded.ts";
import { CHROME, loginRequest, PHONE, type LoggedIn } from "../../test/support/store.ts";
import { endedIdOf, sessionIdOf } from "./changes.ts";

/** The same on DynamoDB's own engine: its transactions, its stream's records and their order. */

const OPERATIONS = 250;
const AT_ONCE = 4;
const USERS = Array.from({ length: 8 }, (_, user) => `user-${user}`);
const REFUSED = { code: "ThrottlingException" };

/** Some of everything that begins and ends sessions, several at a time. */
async function play({ store }: ToldStore, draws: Draws): Promise<void> {
  const held: LoggedIn[] = [];
  let begun = 0;
  const one = async (): Promise<unknown> => {
    const userId = draws.pick(USERS);
    const holder = held.length > 0 ? draws.pick(held) : undefined;
    const spare = () => Promise.resolve(false);
    const kind = draws.weighted({ login: 60, logout: 15, endOthers: 6, revoke: 7, revokeOne: 12 });
    if (kind === "revoke") return store.revoke({ userIds: [userId], revokedBy: "administrator" });
    if (holder !== undefined && kind === "logout") return store.logout(holder.token);
    if (holder !== undefined && kind === "endOthers") return store.endOthers(holder.token);
    if (holder !== undefined && kind === "revokeOne")
      return store.revokeOne({ sessionId: holder.session.id, revokedBy: "administrator", spare });
    const policy = { limit: draws.pick([1, 2, 3]), atLimit: "displace" } as const;
    const outcome = await store.login(loginRequest(userId, { policy, device: draws.pick([CHROME, PHONE]) }));
    return outcome.outcome === "logged-in" && held.push(outcome);
  };
  const worker = async (): Promise<void> => {
    while (begun++ < OPERATIONS) {
      await one().catch((error: unknown) => {
        // Patience ended among so many changes of one user: what was changed is in the stream.
        if (!(error instanceof StoreUnavailableError)) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Gives the records as a mapping may: in batches, again, beside a call that is not over, after failures. */
async function deliver({ run }: ToldStore, draws: Draws, records: readonly DynamoDBRecord[]): Promise<void> {
  const abandoned: Promise<unknown>[] = [];
  let at = 0;
  while (at < records.length) {
    const batch = records.slice(at, at + draws.whole(1, 40));
    if (draws.chance(0.3)) abandoned.push(run(batch));
    const { batchItemFailures } = await run(batch);
    const failed = batchItemFailures.map(({ itemIdentifier }) =>
      batch.findIndex(({ dynamodb: change }) => change?.SequenceNumber === itemIdentifier),
    );
    at += Math.min(batch.length, ...failed);
  }
  await Promise.all(abandoned);
}

test("on DynamoDB's own stream every start and every end is told, with its reason, whatever fails", async () => {
  const seed = `date-${Date.now()}`;
  const draws = new Draws(seed);
  const told: SessionEvent[] = [];
  const keep = (event: SessionEvent): void => {
    told.push(event);
  };
  const takes = async <T>(things: readonly T[], note: (thing: T) => void) => {
    if (draws.chance(0.1)) throw new Error("no answer");
    const taken = things.map(() => !draws.chance(0.3));
    for (const [index, thing] of things.entries()) if (taken[index] === true) note(thing);
    if (draws.chance(0.1)) throw new Error("the answer is lost");
    await new Promise(setImmediate);
    return taken.map((isTaken) => (isTaken ? undefined : REFUSED));
  };
  const targets = await startFakeTargets();
  try {
    const at = await createToldStore(
      targets,
      {},
      {
        putEvents: (events) => takes(events, keep),
        sendToQueue: (some) =>
          takes(some, (one) => {
            if ("event" in one) keep(one.event);
          }),
        publishHint: () => (draws.chance(0.3) ? Promise.reject(new Error("no push")) : Promise.resolve()),
      },
    );
    await play(at, draws);
    const records = await at.records();
    await deliver(at, draws, records);
    const { started, ended, reasons } = whatHappened(records);
    const of = (kind: string) =>
      new Set(told.flatMap((event) => (event.kind === kind && "sessionId" in event ? event.sessionId : [])));
    expect(started.size, seed).toBeGreaterThan(OPERATIONS / 4);
    expect(of("started"), seed).toEqual(started);
    expect(of("ended"), seed).toEqual(ended);
    const mayBe = (id: string, reason: string): boolean => {
      const written = reasons.get(id) ?? ["revoked"];
      // The bulk path may delete what it has not seen, and another one write an ending after that.
      return reason === "unknown" ? written.includes("revoked") : written.includes(reason);
    };
    const wrong = told.filter((event) => event.kind === "ended" && !mayBe(event.sessionId, event.reason));
    expect(wrong, seed).toEqual([]);
    expect(new Set(told.map(({ id }) => id)).size, seed).toBe(started.size + ended.size);
  } finally {
    await targets.stop();
  }
});

/** What the stream says: whose items came and went, and which endings were written of whom. */
function whatHappened(records: readonly DynamoDBRecord[]) {
  const started = new Set<string>();
  const ended = new Set<string>();
  const reasons = new Map<string, string[]>();
  for (const { dynamodb: change } of records) {
    const pk = change?.Keys?.["pk"]?.S ?? "";
    const [id, endedId] = [sessionIdOf(pk), endedIdOf(pk)];
    const [before, after] = [change?.OldImage, change?.NewImage];
    if (id !== undefined && before === undefined) started.add(id);
    if (id !== undefined && after === undefined) ended.add(id);
    if (endedId === undefined || after === undefined) continue;
    const { endReason } = unmarshall(after as Parameters<typeof unmarshall>[0]) as { endReason: string };
    reasons.set(endedId, [...(reasons.get(endedId) ?? []), endReason]);
  }
  return { started, ended, reasons };
}
