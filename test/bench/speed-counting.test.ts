import { beforeAll, expect, inject, test, vi } from "vitest";
import { BASELINE } from "../../bench/speed/contender.ts";
import { sdkContenders, usualLoginContender } from "../../bench/speed/contenders/sdk.ts";
import { storeContenders } from "../../bench/speed/contenders/store.ts";
import { countCalls, shapesOf, type Counts } from "../../bench/speed/count-calls.ts";
import { createWorld } from "../../bench/speed/world.ts";
import { startCountingProxy } from "../../bench/support/counting-proxy.ts";
import { createSessionsTable } from "../support/dynamodb.ts";
import { SETTINGS } from "../support/store.ts";

/** What calls ask of the database is a promise to whoever pays for it, and exact on any machine. */
const counts = new Map<string, Counts>();

beforeAll(async () => {
  const sessionsTable = await createSessionsTable();
  const usualTable = `usual-${sessionsTable}`;
  const proxy = await startCountingProxy(inject("dynamoDbEndpoint"), shapesOf({ sessionsTable, usualTable }));
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const world = await createWorld({ sessionsTable, settings: SETTINGS, usualTable });
  const baseline = sdkContenders(world).filter(({ id }) => id === BASELINE);
  const contenders = [...baseline, ...storeContenders(world), usualLoginContender(world)];
  await countCalls(contenders, proxy, (counted) => counts.set(counted.id, counted));
  world.close();
  await proxy.stop();
  vi.unstubAllEnvs();
});

type Expected = readonly [
  id: string,
  requests: Counts["requests"],
  roundTrips: number,
  units: readonly [reads: number, tableWrites: number, indexWrites: number],
];

test.each<Expected>([
  [BASELINE, { GetItem: 1 }, 1, [1, 0, 0]],
  ["store-validate", { GetItem: 1 }, 1, [1, 0, 0]],
  ["store-validate-displaced", { GetItem: 2 }, 2, [2, 0, 0]],
  // Recording activity writes no index.
  ["store-touch", { GetItem: 1, UpdateItem: 1 }, 2, [1, 1, 0]],
  // Roster and session, twice each; the session's index entry.
  ["store-login", { GetItem: 1, TransactWriteItems: 1 }, 2, [1, 4, 1]],
  // Roster, new session, old session, ending; both sessions' index entries and the ending's.
  ["store-login-displacing", { GetItem: 1, TransactWriteItems: 1 }, 2, [1, 8, 3]],
  // Roster, session, ending; the session's index entry and the ending's.
  ["store-logout", { GetItem: 2, TransactWriteItems: 1 }, 3, [2, 6, 2]],
  ["usual-login", { DeleteItem: 1, PutItem: 1, Query: 1 }, 3, [0.5, 2, 2]],
])("a call of %s asks exactly so much", (id, requests, roundTrips, [reads, tableWrites, indexWrites]) => {
  expect(counts.get(id)).toEqual({
    id,
    requests,
    roundTrips,
    readUnits: reads,
    tableWriteUnits: tableWrites,
    indexWriteUnits: indexWrites,
  });
});

test.each(["store-touch", "store-login", "store-login-displacing", "store-logout"])(
  "what is sent beside %s is the very same",
  (id) => {
    expect(counts.get(`${id}-requests`)).toEqual({ ...counts.get(id), id: `${id}-requests` });
  },
);
