import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { ActivityRecord } from "../../src/activity/activity.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { addUsers, bearer, json, startFunctions, type Functions } from "./harness.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const PHONE = { label: "Safari on iPhone", class: "mobile" } as const;
const LAPTOP = { label: "Firefox on macOS", class: "desktop" } as const;
const REASON = "lost at the station";

let functions: Functions;
let staff: string;
let plain: string;
let records: ActivityRecord[];
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, {
    staff: { permissions: ["single_session.logout"] },
    alice: {},
    bob: {},
  });
  [staff, plain] = [await functions.logIn("staff"), await functions.logIn("alice")];
  const { now } = functions.clock;
  const own = { userId: "alice", identitySource: "passwords", device: LAPTOP } as const;
  const ended = { ...own, kind: "ended", startedAt: now - 60 * DAY } as const;
  records = [
    { ...own, id: "a1", at: now - 60 * DAY, kind: "started", sessionId: idOf(plain) },
    { ...ended, id: "a2", at: now - 3 * HOUR, reason: "displaced", by: { id: "alice", device: PHONE.label } },
    { ...ended, id: "a3", at: now - 2 * HOUR, reason: "revoked", by: { id: "staff" } },
    { ...ended, id: "a4", at: now - 2 * HOUR, reason: "logged_out", by: { id: "alice" } },
    { ...own, id: "a5", at: now - HOUR, kind: "denied" },
    {
      ...own,
      ...{ id: "a6", at: now - HOUR, kind: "contention", suspicion: "displacements", times: 5 },
      ...{ devices: [LAPTOP, PHONE], sessionId: idOf(plain) },
    },
    { id: "b1", at: now - HOUR, kind: "started", userId: "bob", device: PHONE },
  ];
  const { activity: tableName } = functions.tables;
  const writer = createActivityWriter({ documents: testClient(), tableName, clock: () => now });
  await writer.putAll(records);
});
beforeEach(() => functions.recorded.clear());
afterAll(() => void vi.restoreAllMocks());

const idOf = (token: string): string => SessionToken.parse(token)?.sessionId("1") ?? "";
const ask = (path: string, token: string, query = "") =>
  functions.send(`GET ${path}`, { ...bearer(token), query });
const iso = (ago: number): string => new Date(functions.clock.now - ago).toISOString();
type Shown = Record<string, unknown> & { readonly id: string };
const activityIn = ({ body }: { readonly body: Record<string, unknown> }) => body["activity"] as Shown[];
const idsIn = (answer: Parameters<typeof activityIn>[0]) => activityIn(answer).map(({ id }) => id);

describe("one's own activity", () => {
  test("is one's sign-ins, ends and refusals of 90 days, which name nobody else", async () => {
    const answer = await ask("/sessions/activity", plain);
    expect(answer.status).toBe(200);
    expect(activityIn(answer).map(({ id, kind, by, current }) => [id, kind, by, current])).toEqual([
      ["a5", "denied", undefined, undefined],
      ["a4", "ended", { self: true }, undefined],
      ["a3", "ended", { administrator: true }, undefined],
      ["a2", "ended", { device: PHONE.label }, undefined],
      ["a1", "started", undefined, true],
    ]);
    expect(answer.text).not.toContain("staff");
    expect(functions.recorded.lines("audit")).toEqual([]);
  });

  test("comes a page at a time, and takes no other's cursor", async () => {
    const first = await ask("/sessions/activity", plain, "limit=2");
    const cursor = encodeURIComponent(String(first.body["cursor"]));
    const rest = await ask("/sessions/activity", plain, `cursor=${cursor}`);
    expect([...idsIn(first), ...idsIn(rest)]).toEqual(["a5", "a4", "a3", "a2", "a1"]);
    for (const foreign of [cursor, "made-up"]) {
      expect(await ask("/sessions/activity", staff, `cursor=${foreign}`)).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: "cursor" }] },
      });
    }
    expect((await functions.send("GET /sessions/activity")).status).toBe(401);
  });
});

describe("an administrator", () => {
  test("reads everybody's activity of 35 days, one user's of 90, and of the kinds that are named", async () => {
    const all = idsIn(await ask("/admin/activity", staff, "limit=100"));
    expect(all).toEqual(expect.arrayContaining(["b1", "a2", "a3", "a4", "a5", "a6"]));
    expect(all).not.toContain("a1");
    expect(idsIn(await ask("/admin/activity", staff, "userId=alice"))).toContain("a1");
    const two = ["a5", "a6"];
    for (const query of ["kind=denied,contention", "kind=denied&kind=contention"])
      expect(idsIn(await ask("/admin/activity", staff, query)).toSorted()).toEqual(two);
    const period = `from=${iso(3 * HOUR)}&to=${iso(3 * HOUR)}`;
    expect(idsIn(await ask("/admin/activity", staff, period))).toEqual(["a2"]);
    expect(functions.recorded.lines("audit").map(({ audit }) => audit)).toMatchObject([
      { action: "list_activity", actor: "staff" },
      { action: "list_activity", actor: "staff", targetUserId: "alice" },
      {},
      {},
      {},
    ]);
  });

  test("sees the hours of a period, also those in which nothing happened", async () => {
    const day = (await ask("/admin/overview", staff)).body["hours"] as { hour: string; started: number }[];
    expect(day).toHaveLength(25);
    const future = `from=${iso(5 * HOUR)}&to=${iso(-DAY)}`;
    const { hours } = (await ask("/admin/overview", staff, future)).body as { hours: typeof day };
    expect(hours).toHaveLength(6);
    expect(hours[0]).toMatchObject({ started: 0, ended: { displaced: 0, unknown: 0 }, denied: 0 });
    expect(hours.reduce((sum, { started }) => sum + started, 0)).toBe(1);
  });

  test("sees who may share an account", async () => {
    expect((await ask("/admin/suspects", staff)).body).toEqual({
      suspects: [
        {
          ...{ userId: "alice", firstAt: iso(HOUR), lastAt: iso(HOUR), times: 1 },
          ...{ suspicions: ["displacements"], devices: [LAPTOP, PHONE], sessionId: idOf(plain) },
        },
      ],
    });
  });

  test.each(["/admin/overview", "/admin/suspects", "/admin/activity"])(
    "alone reads %s, by the permissions of now",
    async (path) => {
      expect(await ask(path, plain)).toMatchObject({ status: 403, body: { code: "permission_required" } });
      expect((await functions.send(`GET ${path}`)).status).toBe(401);
    },
  );

  const TIME =
    "a time in ISO 8601 with its zone, such as 2026-11-23T09:55:00Z (a + of the zone is %2B in a query)";
  test.each<[string, string, string]>([
    ["kind=started,ends", "kind", 'kind is "started,ends"; accepted is one or several of started, ended,'],
    ["kind=", "kind", 'kind is ""; accepted is'],
    ["from=yesterday", "from", `from is "yesterday"; accepted is ${TIME}.`],
    ["to=2026-02-30T00:00:00Z", "to", "accepted is a time in ISO 8601"],
    ["from=2026-11-23T10:00:00Z&to=2026-11-23T09:00:00Z", "from", "accepted is a time not after to (2026"],
    ["from=2020-01-01T00:00:00Z", "from", "accepted is a time at most 35 days before now ("],
    ["userId=alice&from=2020-01-01T00:00:00Z", "from", "accepted is a time at most 90 days before now ("],
    ["limit=101", "limit", "accepted is a whole number from 1 to 100."],
    ["from=2026-11-23T10:00:00Z&from=2026-11-23T10:00:00Z", "from", "from is given more than once"],
    ["cursor=made-up", "cursor", "accepted is the cursor of its last page."],
    ["user=alice", "user", "user is not known here"],
  ])("who asks for ?%s is told which parameter is wrong", async (query, parameter, detail) => {
    expect(await ask("/admin/activity", staff, query)).toMatchObject({
      status: 400,
      body: { errors: [{ parameter, detail: expect.stringContaining(detail) as string }] },
    });
  });
});

describe("an administrators' act", () => {
  const acts = async (query = "") =>
    activityIn(await ask("/admin/activity", staff, `kind=administered&limit=10${query}`));

  test("is kept with who, whom, why and the request; a refused one too", async () => {
    const bob = await functions.logIn("bob");
    await functions.send(`DELETE /admin/sessions/${idOf(bob)}`, {
      ...bearer(staff),
      query: `reason=${encodeURIComponent(REASON)}`,
    });
    functions.clock.now += 1;
    const many = { userIds: Array.from({ length: 150 }, (_, n) => `user-${n}`), dryRun: true };
    await functions.send("POST /admin/logout", json(many, bearer(staff).headers));
    functions.clock.now += 1;
    await functions.send("POST /admin/logout", json({ userIds: ["bob"] }, bearer(plain).headers));
    const kept = await acts();
    expect(kept).toMatchObject([
      { userId: "bob", act: { action: "log_out_users", actor: "alice", outcome: "refused" } },
      { act: { actor: "staff", outcome: "dry-run", targetCount: 150, requestId: "request-2" } },
      {
        ...{ userId: "bob", sessionId: idOf(bob) },
        act: { action: "end_session", actor: "staff", outcome: "done", targets: ["bob"], reason: REASON },
      },
    ]);
    expect((kept[1]?.["act"] as { targets: string[] }).targets).toHaveLength(100);
    expect(kept[1]).not.toHaveProperty("userId");
  });

  test("tells its reason in no answer to the user whom it was done to", async () => {
    const [one, two] = [await functions.logIn("bob"), await functions.logIn("bob")];
    const logOut = json({ userIds: ["bob"], reason: REASON }, bearer(staff).headers);
    await functions.send("POST /admin/logout", logOut);
    const again = await functions.logIn("bob");
    const answers = [
      await functions.send("GET /session", bearer(one)),
      await functions.send("GET /sessions", bearer(two)),
      await functions.send("GET /session", bearer(again)),
      await functions.send("GET /sessions", bearer(again)),
      await ask("/sessions/activity", again),
      await functions.send("POST /logout", bearer(one)),
      await functions.send(`DELETE /sessions/${idOf(two)}`, bearer(again)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 200, 200, 204, 404]);
    expect(answers.map(({ text }) => text).join()).not.toContain(REASON);
    // Endings are what events and the outbox know of it.
    expect(JSON.stringify(await functions.store.listEndings("bob", { limit: 100 }))).not.toContain(REASON);
    expect(JSON.stringify(await acts())).toContain(REASON);
  });
});

// Functions of their own take over what is recorded, so these come last.
test("an act of which no record can be kept goes on, in time, and says that it was lost", async () => {
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
  try {
    const lost = await startFunctions({ documents });
    const { activity } = lost.tables;
    proxy.interfere(({ body }) =>
      JSON.stringify(body).includes(activity) ? new Promise(() => undefined) : undefined,
    );
    const startedAt = performance.now();
    expect(await lost.invoke("admin-logout", { userIds: ["bob"] })).toMatchObject({
      loggedOut: [{ userId: "bob" }],
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(lost.recorded.counts()["ActivityLost"]).toBe(1);
    expect(lost.recorded.lines("activity lost")).toMatchObject([{ activity: { kind: "administered" } }]);
  } finally {
    documents.destroy();
    await proxy.stop();
  }
});
