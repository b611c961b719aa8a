import { beforeAll, expect, test, vi } from "vitest";
import { BASELINE } from "../../bench/speed/contender.ts";
import { sdkContenders, usualLoginContender } from "../../bench/speed/contenders/sdk.ts";
import { storeContenders } from "../../bench/speed/contenders/store.ts";
import { createWorld, shapesOf, type World } from "../../bench/speed/world.ts";
import { countCalls, type Counts } from "../../bench/support/count-calls.ts";
import { environmentOf } from "../../bench/support/engine.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createSessionsTable } from "../support/dynamodb.ts";
import { SETTINGS } from "../support/store.ts";

/** What calls ask of the database is a promise to whoever pays for it, and exact on any machine. */
const counts = new Map<string, Counts>();

beforeAll(async () => {
  const sessionsTable = await createSessionsTable();
  let world: World | undefined;
  const contendersAt = async (endpoint: string) => {
    for (const [name, value] of Object.entries(environmentOf(endpoint))) vi.stubEnv(name, value);
    world = await createWorld({ sessionsTable, settings: SETTINGS });
    const baseline = sdkContenders(world).filter(({ id }) => id === BASELINE);
    return [...baseline, ...storeContenders(world), usualLoginContender(world)];
  };
  await countCalls(testDatabaseEndpoint(), shapesOf({ sessionsTable }), contendersAt, (counted) =>
    counts.set(counted.id, counted),
  );
  world?.close();
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
