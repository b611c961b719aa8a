import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { range } from "d3-array";
import * as activity from "../../src/activity/table.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { channelPath } from "../../src/outbox/names.ts";
import { INDEXES, sessionKey } from "../../src/sessions/table.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { cheapHash } from "../../test/support/cheap-hash.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { environmentOf } from "../support/engine.ts";
import { authorizerEvent, requestEvent } from "../support/gateway-events.ts";
import { BENCH_DEVICE, seededUser, SETTINGS, writeItems, type SeededUser } from "../support/seed.ts";
import { itemBytes, type IndexShape, type WireItem } from "../support/units.ts";
import { countJobs } from "./count-jobs.ts";
import { countedCall, withLambdaVariables, type CountedCall } from "./counted-call.ts";
import { COUNTED_LOGS, FUNCTION_OF, type Call, type CountedLog, type Counts } from "./counts.ts";
import { createCostWorld, MINUTE, type CostWorld } from "./world.ts";

const PASSWORD = "correct-horse-battery-staple";
/** As long as people's are; the sizes of items and lines depend on it. */
const userIdOf = (number: number): string => `person-${String(number).padStart(3, "0")}@example.com`;
const ADMINISTRATOR = "admin@example.com";
const PAGE = 50;
const REVOKED = 10;

type Run = Record<Call, CountedCall>;

/**
 * Counts all calls on a DynamoDB Local. The counts are exact: the same whenever and wherever they are taken.
 */
export async function countCalls(databaseEndpoint: string): Promise<Counts> {
  const runs = {} as Record<CountedLog, Run>;
  for (const log of COUNTED_LOGS) runs[log] = await withLambdaVariables(() => runAll(databaseEndpoint, log));
  const calls = Object.entries(runs.none).map(([call, counts]) => {
    const logBytes = Object.fromEntries(COUNTED_LOGS.map((log) => [log, runs[log][call as Call].logBytes]));
    return [call, { ...counts, logBytes }];
  });
  return {
    calls: Object.fromEntries(calls) as Counts["calls"],
    jobs: await countJobs(databaseEndpoint),
    stored: storedBytes(userIdOf(0)),
  };
}

async function runAll(databaseEndpoint: string, log: CountedLog): Promise<Run> {
  const indexes = new Map<string, readonly IndexShape[]>();
  const keyNames = ["pk", "sk", "userName"];
  const proxy = await startCountingProxy(databaseEndpoint, (table) => indexes.get(table) ?? [], keyNames);
  const world = await createCostWorld(proxy.endpoint, log);
  indexes.set(world.tables.sessions, INDEXES);
  const whole = activity.INDEXES.map((index) => ({ ...index, projection: "all" as const }));
  indexes.set(world.tables.activity, whole);
  // Not through the proxy, which would read each item.
  const documents = createDocumentClient(environmentOf(databaseEndpoint));
  const run = {} as Run;
  const call: CallFunction = async (name, event, expected) => {
    const handler = world.handlers[FUNCTION_OF[name]];
    const { answer, counted } = await countedCall(proxy, FUNCTION_OF[name], handler, event, expected);
    run[name] = counted;
    return answer;
  };
  try {
    await scenario(world, call, documents);
    return run;
  } finally {
    world.close();
    documents.destroy();
    await proxy.stop();
  }
}

/** Counts a call of a function that has to answer as expected. @returns what it answered. */
type CallFunction = (call: Call, event: unknown, expected: number | boolean) => Promise<unknown>;

const CHANNEL = "a".repeat(32);

/** A user with a session as a login with a password leaves one. @param createdAt epoch milliseconds. */
const signedIn = (userId: string, createdAt: number): SeededUser =>
  seededUser(SETTINGS, userId, createdAt, { identitySource: "passwords", channel: CHANNEL });

/** The items of a user with one session, as they are stored. */
function storedBytes(userId: string): Counts["stored"] {
  const [session, roster] = signedIn(userId, Date.UTC(2030, 0, 1)).items;
  const bytesOf = (item: object): number => itemBytes(marshall(item, { removeUndefinedValues: true }));
  const { pk, createdAt } = session;
  return {
    session: bytesOf(session),
    roster: bytesOf(roster),
    indexEntry: bytesOf({ pk, userId, createdAt }),
  };
}

/** The item of a session, as the table's stream has it. */
async function imageOf(
  documents: DocumentClient,
  { tables }: CostWorld,
  token: SessionToken,
): Promise<WireItem> {
  const Key = sessionKey(token.sessionId(SETTINGS.era));
  const { Item } = await documents.send(new GetCommand({ TableName: tables.sessions, Key }));
  if (Item === undefined) throw new Error("there is no such session");
  return marshall(Item);
}

/** A batch with one change, as Lambda hands it over. */
function change(now: number, eventName: string, image: "NewImage" | "OldImage", item: WireItem): unknown {
  const dynamodb = {
    ...{ ApproximateCreationDateTime: Math.floor(now / 1000), SequenceNumber: "1" },
    ...{ Keys: { pk: item["pk"] }, [image]: item },
  };
  return { Records: [{ eventID: "1", eventName, dynamodb }] };
}

const push = (requestContext: object): unknown => ({ authorizationToken: CHANNEL, requestContext });

async function scenario(world: CostWorld, call: CallFunction, documents: DocumentClient): Promise<void> {
  const { clock, directory, tables } = world;
  const passwordHash = cheapHash(PASSWORD);
  for (const userName of [userIdOf(0), ADMINISTRATOR]) {
    await directory.add({ userName, passwordHash, isAdmin: userName === ADMINISTRATOR, permissions: [] });
  }
  const get = (token: SessionToken, query = "") => requestEvent("GET", "/session", token, { query });
  const first = await logIn(call, "login, first");
  await call("validate", get(first), 200);
  await call("watch", get(first, "watch=1"), 200);
  await call("authorize", authorizerEvent(first), true);
  clock.now += 4 * MINUTE;
  await call("validate, touching", get(first), 200);
  clock.now += 4 * MINUTE;
  await call("authorize, touching", authorizerEvent(first), true);
  const before = await imageOf(documents, world, first);
  const second = await logIn(call, "login, displacing");
  const after = await imageOf(documents, world, second);
  await call("outbox, a start", change(clock.now, "INSERT", "NewImage", after), 0);
  await call("outbox, an ending", change(clock.now, "REMOVE", "OldImage", before), 0);
  await call("push, connecting", push({ operation: "EVENT_CONNECT" }), true);
  const subscribing = { operation: "EVENT_SUBSCRIBE", channel: channelPath(CHANNEL) };
  await call("push, subscribing", push(subscribing), true);
  await call("validate, displaced", get(first), 401);
  await call("authorize, displaced", authorizerEvent(first), false);
  const unknown = SessionToken.generate();
  await call("validate, unknown", get(unknown), 401);
  await call("authorize, unknown", authorizerEvent(unknown), false);
  await call("list of one's own", requestEvent("GET", "/sessions", second), 200);
  clock.now += 13 * 60 * MINUTE;
  const third = await logIn(call, "login, after an expired session");
  await call("logout", requestEvent("POST", "/logout", third), 204);

  const trusted = { user: { id: userIdOf(1) }, device: { userAgent: BENCH_DEVICE.userAgent } };
  await call("login, trusted, first", trusted, 200);
  await call("login, trusted, displacing", trusted, 200);

  const { token: administrator, items } = signedIn(ADMINISTRATOR, clock.now);
  const people = range(2, PAGE + 2).map((number) => signedIn(userIdOf(number), clock.now));
  const place = { documents, tableName: tables.sessions };
  await writeItems(place, [...items, ...people.flatMap((person) => person.items)]);
  await call("list of everybody's, 50", requestEvent("GET", "/admin/sessions", administrator), 200);
  const body = { userIds: people.slice(0, REVOKED).map(({ userId }) => userId) };
  const loggingOut = requestEvent("POST", "/admin/logout", administrator, { body });
  await call("administrators' logout of 10", loggingOut, 200);
  await byAccessTokens(world, call);
}

/** Callers who send a provider's own tokens: their first call makes the session. */
async function byAccessTokens({ clock, signer }: CostWorld, call: CallFunction): Promise<void> {
  const device = async (claim: string): Promise<unknown> => {
    const at = Math.floor(clock.now / 1000);
    const token = await signer.cognito({ origin_jti: claim, auth_time: at, jti: "a-token" });
    return requestEvent("GET", "/session", undefined, { authorization: `Bearer ${token}` });
  };
  const first = await device("sign-in-1");
  await call("validate, access token, admitting", first, 200);
  await call("validate, access token", first, 200);
  clock.now += MINUTE;
  await call("validate, access token, admitting and displacing", await device("sign-in-2"), 200);
  await call("validate, access token, displaced", first, 401);
}

/** A login with a password; a client that keeps no cookies is another device each time. */
async function logIn(call: CallFunction, name: Call): Promise<SessionToken> {
  const body = { username: userIdOf(0), password: PASSWORD, deliver: "token" };
  const event = requestEvent("POST", "/login", undefined, { body });
  const { token } = (await call(name, event, 201)) as { token: string };
  const parsed = SessionToken.parse(token);
  if (parsed === undefined) throw new Error(`${name} gave no token`);
  return parsed;
}
