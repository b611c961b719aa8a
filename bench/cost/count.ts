import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { channelPath } from "../../src/outbox/names.ts";
import type { Session } from "../../src/sessions/session.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { cheapHash } from "../../test/support/cheap-hash.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { authorizerEvent, requestEvent } from "../support/gateway-events.ts";
import { environmentOf } from "../support/engine.ts";
import { BENCH_DEVICE, benchUser, itemsWith, newSession, SETTINGS, writeItems } from "../support/seed.ts";
import { itemBytes, type IndexShape, type WireItem } from "../support/units.ts";
import * as activity from "../../src/activity/table.ts";
import { INDEXES, sessionKey } from "../../src/sessions/table.ts";
import { countJobs } from "./count-jobs.ts";
import { Counter, type Run } from "./counter.ts";
import { COUNTED_LOGS, type Call, type CountedLog, type Counts } from "./counts.ts";
import { withLambdaVariables } from "./lambda-log.ts";
import { createCostWorld, MINUTE, type CostWorld } from "./world.ts";

const PASSWORD = "correct-horse-battery-staple";
/** As long as people's are; the sizes of items and lines depend on it. */
const userIdOf = (number: number): string => `person-${String(number).padStart(3, "0")}@example.com`;
const ADMINISTRATOR = "admin@example.com";
const PAGE = 50;
const REVOKED = 10;

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
  const proxy = await startCountingProxy(databaseEndpoint, (table) => indexes.get(table) ?? [], [
    "pk",
    "sk",
    "userName",
  ]);
  const world = await createCostWorld(environmentOf(proxy.endpoint), log);
  const { sessions: sessionsTable, activity: activityTable } = world.tables;
  indexes.set(sessionsTable, INDEXES);
  const whole = activity.INDEXES.map((index) => ({ ...index, projection: "all" as const }));
  indexes.set(activityTable, whole);
  // Not through the proxy, which would read each item.
  const documents = createDocumentClient(environmentOf(databaseEndpoint));
  const seed = (sessions: readonly Session[]): Promise<void> =>
    writeItems(documents, sessionsTable, sessions.flatMap(itemsWith));
  try {
    return await scenario(world, new Counter(world, proxy), { seed, documents });
  } finally {
    world.close();
    documents.destroy();
    await proxy.stop();
  }
}

/** A session as a login with a password leaves one. @param createdAt epoch milliseconds. */
const sessionOf = (userId: string, token: SessionToken, createdAt: number): Session =>
  newSession(SETTINGS, token, createdAt, {
    user: benchUser(userId),
    identitySource: "passwords",
    channel: CHANNEL,
  });

/** The items of a user with one session, as they are stored. */
function storedBytes(userId: string): Counts["stored"] {
  const [session, roster] = itemsWith(sessionOf(userId, SessionToken.generate(), Date.UTC(2030, 0, 1)));
  const bytesOf = (item: object): number =>
    itemBytes(marshall(item, { removeUndefinedValues: true }) as WireItem);
  const { pk, createdAt } = session;
  return {
    session: bytesOf(session),
    roster: bytesOf(roster),
    indexEntry: bytesOf({ pk, userId, createdAt }),
  };
}

/** What reaches the table past the counting. */
interface Reach {
  readonly seed: (sessions: readonly Session[]) => Promise<void>;
  readonly documents: DocumentClient;
}

/** Items of sessions, as the table's stream has them. */
const imagesIn =
  (documents: DocumentClient, { tables }: CostWorld) =>
  async (token: SessionToken): Promise<WireItem> => {
    const Key = sessionKey(token.sessionId(SETTINGS.era));
    const { Item } = await documents.send(new GetCommand({ TableName: tables.sessions, Key }));
    if (Item === undefined) throw new Error("there is no such session");
    return marshall(Item) as WireItem;
  };

/** A batch with one change, as Lambda hands it over. */
function change(
  { clock }: CostWorld,
  eventName: string,
  images: Readonly<Record<string, WireItem>>,
): unknown {
  const [image] = Object.values(images);
  const dynamodb = {
    ApproximateCreationDateTime: Math.floor(clock.now / 1000),
    Keys: { pk: image?.["pk"] },
    SequenceNumber: "1",
    ...images,
  };
  return { Records: [{ eventID: "1", eventName, dynamodb }] };
}

const CHANNEL = "a".repeat(32);
const PUSH_EVENTS = {
  "push, connecting": { authorizationToken: CHANNEL, requestContext: { operation: "EVENT_CONNECT" } },
  "push, subscribing": {
    authorizationToken: CHANNEL,
    requestContext: { operation: "EVENT_SUBSCRIBE", channel: channelPath(CHANNEL) },
  },
} as const satisfies Partial<Record<Call, unknown>>;

async function scenario(world: CostWorld, counter: Counter, { seed, documents }: Reach): Promise<Run> {
  const { clock, directory } = world;
  const passwordHash = cheapHash(PASSWORD);
  for (const userName of [userIdOf(0), ADMINISTRATOR]) {
    await directory.add({ userName, passwordHash, isAdmin: userName === ADMINISTRATOR, permissions: [] });
  }
  const first = await logIn(counter, "login, first");
  await counter.call("validate", requestEvent("GET", "/session", first), 200);
  await counter.call("watch", watchEvent(first), 200);
  await counter.call("authorize", authorizerEvent(first), true);
  clock.now += 4 * MINUTE;
  await counter.call("validate, touching", requestEvent("GET", "/session", first), 200);
  clock.now += 4 * MINUTE;
  await counter.call("authorize, touching", authorizerEvent(first), true);
  const images = imagesIn(documents, world);
  const before = await images(first);
  const second = await logIn(counter, "login, displacing");
  await counter.call("outbox, a start", change(world, "INSERT", { NewImage: await images(second) }), 0);
  await counter.call("outbox, an ending", change(world, "REMOVE", { OldImage: before }), 0);
  for (const [call, event] of Object.entries(PUSH_EVENTS)) await counter.call(call as Call, event, true);
  await counter.call("validate, displaced", requestEvent("GET", "/session", first), 401);
  await counter.call("authorize, displaced", authorizerEvent(first), false);
  const unknown = SessionToken.generate();
  await counter.call("validate, unknown", requestEvent("GET", "/session", unknown), 401);
  await counter.call("authorize, unknown", authorizerEvent(unknown), false);
  await counter.call("list of one's own", requestEvent("GET", "/sessions", second), 200);
  clock.now += 13 * 60 * MINUTE;
  const third = await logIn(counter, "login, after an expired session");
  await counter.call("logout", requestEvent("POST", "/logout", third), 204);

  const trusted = { user: { id: userIdOf(1) }, device: { userAgent: BENCH_DEVICE.userAgent } };
  await counter.call("login, trusted, first", trusted, 200);
  await counter.call("login, trusted, displacing", trusted, 200);

  const administrator = SessionToken.generate();
  await seed([
    sessionOf(ADMINISTRATOR, administrator, clock.now),
    ...Array.from({ length: PAGE }, (_, index) =>
      sessionOf(userIdOf(index + 2), SessionToken.generate(), clock.now),
    ),
  ]);
  await counter.call("list of everybody's, 50", requestEvent("GET", "/admin/sessions", administrator), 200);
  const userIds = Array.from({ length: REVOKED }, (_, index) => userIdOf(index + 2));
  await counter.call(
    "administrators' logout of 10",
    withBody(requestEvent("POST", "/admin/logout", administrator), { userIds }),
    200,
  );
  await byAccessTokens(world, counter);
  return counter.run;
}

/** Callers who send a provider's own tokens: their first call makes the session. */
async function byAccessTokens({ clock, signer }: CostWorld, counter: Counter): Promise<void> {
  const device = async (claim: string): Promise<unknown> => {
    const at = Math.floor(clock.now / 1000);
    const token = await signer.cognito({ origin_jti: claim, auth_time: at, jti: "a-token" });
    const event = requestEvent("GET", "/session", SessionToken.generate()) as { headers: object };
    return { ...event, cookies: [], headers: { ...event.headers, authorization: `Bearer ${token}` } };
  };
  const first = await device("sign-in-1");
  await counter.call("validate, access token, admitting", first, 200);
  await counter.call("validate, access token", first, 200);
  clock.now += MINUTE;
  await counter.call("validate, access token, admitting and displacing", await device("sign-in-2"), 200);
  await counter.call("validate, access token, displaced", first, 401);
}

/** A login with a password; a client that keeps no cookies is another device each time. */
async function logIn(counter: Counter, call: Call): Promise<SessionToken> {
  const event = { ...(requestEvent("POST", "/login", SessionToken.generate()) as object), cookies: [] };
  const body = { username: userIdOf(0), password: PASSWORD, deliver: "token" };
  const { token } = (await counter.call(call, withBody(event, body), 201)) as { token: string };
  const parsed = SessionToken.parse(token);
  if (parsed === undefined) throw new Error(`${call} gave no token`);
  return parsed;
}

function withBody(event: unknown, body: object): unknown {
  const { headers, ...rest } = event as { headers: object };
  return { ...rest, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

const watchEvent = (token: SessionToken): unknown => ({
  ...(requestEvent("GET", "/session", token) as object),
  rawQueryString: "watch=1",
});
