import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { SessionToken } from "../../src/sessions/token.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { eventV2 } from "../http/events.ts";
import { testClient } from "../support/dynamodb.ts";
import { CHROME_ON_WINDOWS, FIREFOX_ON_MACOS } from "../support/http-client.ts";
import { Draws } from "../support/seeded.ts";
import {
  addUsers,
  cookie,
  json,
  MINUTE,
  PASSWORD,
  startFunctions,
  tokenOf,
  type Functions,
} from "./harness.ts";

/** Copied cookies, and what only looks like one, through the functions and on the real engine. */

const SECOND = 1000;
let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions({ settings: { places: true } });
  await addUsers(functions.directory, { alice: {} });
});

/** A client: its user agent and address at the request of this number. */
type Client = (request: number) => { readonly userAgent: string; readonly address: string };
const at =
  (userAgent: string, address: string): Client =>
  () => ({ userAgent, address });
const OWNER = at(CHROME_ON_WINDOWS, "192.0.2.10");
const COPY = at(FIREFOX_ON_MACOS, "198.51.100.20");

async function logIn(device?: object): Promise<string> {
  const { userAgent, address } = OWNER(0);
  const { headers, ...rest } = json({ username: "alice", password: PASSWORD, ...(device && { device }) });
  const sent = { ...rest, headers: { ...headers, "user-agent": userAgent }, address };
  return tokenOf(await functions.send("POST /login", sent));
}

/** Clients ask by turns, every other one through the authorizer; when the session is suspected, if it is. */
async function ask(token: string, asks: readonly { readonly after: number; readonly client: Client }[]) {
  const start = functions.clock.now;
  for (const [index, { after, client }] of asks.toSorted((a, b) => a.after - b.after).entries()) {
    functions.clock.now = start + after;
    const { userAgent, address } = client(index);
    const sent = { ...cookie(token), headers: { "user-agent": userAgent }, address };
    if (index % 2 === 0) expect((await functions.send("GET /session", sent)).status).toBe(200);
    else
      expect(await functions.invoke("authorize", eventV2({ ...sent, path: "/reports" }))).toMatchObject({
        isAuthorized: true,
      });
  }
  const id = SessionToken.parse(token)!.sessionId("1");
  const key = { TableName: functions.tables.sessions, Key: sessionKey(id), ConsistentRead: true };
  const { Item: item } = await testClient().send(new GetCommand(key));
  return item?.["suspectedAt"] === undefined ? undefined : (item["suspectedAt"] as number) - start;
}

/** Every so often for a time, from a first moment on. */
const every = (interval: number, client: Client, { from = 0, until = MINUTE } = {}) =>
  Array.from({ length: Math.floor((until - from) / interval) + 1 }, (_, index) => ({
    after: from + index * interval,
    client,
  }));

test("a cookie that two clients use each 10 seconds is suspected within a minute, in nine of ten tries", async () => {
  const draws = new Draws("copied cookies");
  const found: (number | undefined)[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const token = await logIn();
    // The copy begins at any moment of the owner's ten seconds.
    const from = draws.whole(20 * SECOND, 30 * SECOND);
    const asks = [
      ...every(10 * SECOND, OWNER, { until: from + MINUTE }),
      ...every(10 * SECOND, COPY, { from, until: from + MINUTE }),
    ];
    const after = await ask(token, asks);
    found.push(after === undefined ? undefined : after - from);
  }
  expect(found.filter((after) => after !== undefined && after <= MINUTE).length).toBeGreaterThanOrEqual(9);
});

describe("nobody is suspected", () => {
  const UPDATED = at(CHROME_ON_WINDOWS.replace("131", "132"), "192.0.2.10");
  const MOBILE = at(CHROME_ON_WINDOWS, "203.0.113.99");
  const half = { until: 30 * SECOND };
  const later = { from: 35 * SECOND, until: 2 * MINUTE };
  const VPN: Client = (request) => ({
    userAgent: CHROME_ON_WINDOWS,
    address: ["192.0.2.10", "203.0.113.5", "2001:db8::1"][request % 3]!,
  });
  test.each([
    ["for two tabs", [...every(10 * SECOND, OWNER), ...every(10 * SECOND, OWNER, { from: 5 * SECOND })]],
    [
      "for an update of the browser",
      [...every(10 * SECOND, OWNER, half), ...every(10 * SECOND, UPDATED, later)],
    ],
    [
      "on the way from Wi-Fi to mobile",
      [...every(10 * SECOND, OWNER, half), ...every(10 * SECOND, MOBILE, later)],
    ],
    ["behind a VPN that alternates", every(11 * SECOND, VPN, { until: 3 * MINUTE })],
    ["for one look from elsewhere", [...every(10 * SECOND, OWNER), { after: 22 * SECOND, client: COPY }]],
  ])("%s", async (_, asks) => {
    expect(await ask(await logIn(), asks)).toBeUndefined();
  });

  test("for a label of one's own at the login", async () => {
    const token = await logIn({ label: "Alice's laptop" });
    expect(await ask(token, every(11 * SECOND, OWNER, { until: 3 * MINUTE }))).toBeUndefined();
  });
});
