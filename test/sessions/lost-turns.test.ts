import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionStore } from "../../src/sessions/store.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import {
  cancelled,
  startDynamoDbProxy,
  type DynamoDbProxy,
  type Fault,
  type PassingRequest,
} from "../support/dynamodb-proxy.ts";
import { createTestStore, liveAmong, logIn, loginRequest } from "../support/store.ts";

/**
 * What bounds the turns in these tests: a stopwatch that moves 500 ms with each look, against a patience of
 * 15 s.
 */
const STEP_MS = 500;
const MOST_TURNS = 40;

let proxy: DynamoDbProxy;
/** Past the proxy: for preparing and looking. */
let direct: SessionStore;
let store: SessionStore;
let waits: number;

beforeEach(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const test = await createTestStore();
  direct = test.store;
  waits = 0;
  let elapsed = 0;
  store = test.another({
    documents: testClient({ endpoint: proxy.endpoint, tries: 1 }),
    stopwatch: () => (elapsed += STEP_MS),
    sleep: () => Promise.resolve(waits++),
  });
});
afterEach(() => proxy.stop());

/** Meets transactions with what `fault` says of each, and counts them. */
function countTransactions(
  fault: (request: PassingRequest, nth: number) => Fault | undefined,
  operation = "TransactWriteItems",
): () => number {
  let met = 0;
  proxy.interfere((request) => (request.operation === operation ? fault(request, met++) : undefined));
  return () => met;
}

/** Cancels a transaction with the reason that each of its actions has. */
const cancelledBy = ({ body }: PassingRequest, reasonOf: (action: object, index: number) => string): Fault =>
  cancelled(...(body["TransactItems"] as object[]).map(reasonOf));

const CONFLICT_AND_TAKEN = (request: PassingRequest): Fault =>
  cancelledBy(request, (_, index) => ["TransactionConflict", "ConditionalCheckFailed"][index] ?? "None");
/** Every condition has failed, and of no item is told what was found. */
const ALL_FAILED = (request: PassingRequest): Fault => cancelledBy(request, () => "ConditionalCheckFailed");

describe("a turn that was lost for ever without a returned roster", () => {
  test("by a login whose roster conflicts and whose new session is there waits, ends, and says that it is unknown", async () => {
    const old = await logIn(direct, "alice");
    const met = countTransactions(CONFLICT_AND_TAKEN);
    await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({
      name: "StoreUnavailableError",
      effect: "unknown",
    });
    expect(met()).toBeLessThan(MOST_TURNS);
    expect(waits).toBe(met() - 1);
    expect(await liveAmong(direct, [old.token])).toEqual([0]);
  });

  test("by a login of which only the new session is in the way waits and ends", async () => {
    const met = countTransactions((request) =>
      cancelledBy(request, (_, index) => (index === 1 ? "ConditionalCheckFailed" : "None")),
    );
    await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({ effect: "unknown" });
    expect(met()).toBeLessThan(MOST_TURNS);
    expect(waits).toBe(met() - 1);
  });

  test("by a login whose every condition fails waits and ends", async () => {
    await logIn(direct, "alice");
    const met = countTransactions(ALL_FAILED);
    await expect(store.login(loginRequest("alice"))).rejects.toMatchObject({ name: "StoreUnavailableError" });
    expect(met()).toBeLessThan(MOST_TURNS);
  });

  test("by a logout, by ending one, by ending the others and by an administrator waits and ends", async () => {
    const policy = { limit: 3, atLimit: "displace" } as const;
    const [own, other] = [await logIn(direct, "alice", { policy }), await logIn(direct, "alice", { policy })];
    const rosterOnly = (request: PassingRequest): Fault =>
      cancelledBy(request, (_, index) => (index === 0 ? "ConditionalCheckFailed" : "None"));
    const spare = (): Promise<boolean> => Promise.resolve(false);
    for (const end of [
      () => store.logout(own.token),
      () => store.endOne(own.token, other.session.id),
      () => store.endOthers(own.token),
      () => store.revokeOne({ sessionId: other.session.id, revokedBy: "admin", spare }),
    ]) {
      const met = countTransactions(rosterOnly);
      await expect(end()).rejects.toMatchObject({ name: "StoreUnavailableError", effect: "none" });
      expect(met()).toBeLessThan(MOST_TURNS);
    }
    expect(await liveAmong(direct, [own.token, other.token])).toEqual([0, 1]);
  });
});

test("a login that finds its own session there, once the conflict has passed, recognizes it and logs in once", async () => {
  const old = await logIn(direct, "alice");
  countTransactions((request, nth) => {
    if (nth === 0) return { fault: "drop-answer" };
    return nth < 4 ? CONFLICT_AND_TAKEN(request) : undefined;
  });
  const { token, displaced } = await logIn(store, "alice");
  expect(displaced.map(({ id }) => id)).toEqual([old.session.id]);
  expect(await liveAmong(direct, [old.token, token])).toEqual([1]);
});

test("the first turn lost to a returned roster, and one that finds a session dead, are followed by the next at once", async () => {
  const old = await logIn(direct, "alice");
  const met = countTransactions((_, nth) => {
    if (nth > 0) return undefined;
    return cancelled("None", "None", "ConditionalCheckFailed", "None");
  });
  const { displaced } = await logIn(store, "alice");
  expect({ displaced, met: met(), waits }).toEqual({ displaced: [], met: 2, waits: 0 });
  expect(await liveAmong(direct, [old.token])).toEqual([]);
});

test("a roster that moves between every two reads of it and its sessions is given up on", async () => {
  const policy = { limit: 2, atLimit: "deny" } as const;
  await logIn(direct, "alice", { policy });
  await logIn(direct, "alice", { policy });
  let reads = 0;
  proxy.interfere(({ operation }) => {
    if (operation !== "TransactGetItems") return undefined;
    const id = `other-${reads++}`;
    return {
      fault: "rewrite-answer",
      rewrite: (answer) => {
        const [roster, ...sessions] = answer["Responses"] as { Item?: Record<string, unknown> }[];
        const text = JSON.stringify(roster).replaceAll(/[\w-]{43}/g, () => id.padEnd(43, "x"));
        return { ...answer, Responses: [JSON.parse(text), ...sessions] };
      },
    };
  });
  await expect(store.login(loginRequest("alice", { policy }))).rejects.toMatchObject({
    name: "StoreUnavailableError",
    effect: "none",
  });
  expect(reads).toBeLessThan(MOST_TURNS);
});
