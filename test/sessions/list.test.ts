import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { NO_LIMIT, ONE_SESSION } from "../../src/sessions/policy.ts";
import type { Page, PageRequest } from "../../src/sessions/store.ts";
import { createTestStore, FIREFOX, logIn, MINUTE, PHONE } from "../support/store.ts";

const MANY = { policy: NO_LIMIT };

/** All items of a listing, page by page. */
async function all<T>(limit: number, list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

test("a user's live sessions are listed newest first, over as many pages as it takes", async () => {
  const { store, clock } = await createTestStore();
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    ids.unshift((await logIn(store, "alice", MANY)).session.id);
    clock.advance(1);
  }
  await logIn(store, "bob");
  const sessions = await all(2, (page) => store.listUser("alice", page));
  expect(sessions.map(({ id }) => id)).toEqual(ids);
});

test("ended, expired and other-era sessions are in no list", async () => {
  const { store, another, clock } = await createTestStore();
  await logIn(store, "idle");
  clock.advance(31 * MINUTE);
  await logIn(
    another({
      settings: { era: "0", timeouts: { idle: "none", absolute: 100 * MINUTE }, logoutAllSessions: true },
    }),
    "old-era",
  );
  const gone = await logIn(store, "gone");
  await store.logout(gone.token);
  const live = await logIn(store, "live");
  expect(await all(100, (page) => store.listAll(page))).toEqual([live.session]);
  for (const userId of ["idle", "old-era", "gone"]) {
    expect(await store.listUser(userId, { limit: 10 })).toEqual({ items: [] });
  }
});

test("everybody's sessions come page by page, each once", async () => {
  const { store } = await createTestStore();
  const ids = [];
  for (let i = 0; i < 25; i++) ids.push((await logIn(store, `user-${i}`)).session.id);
  const listed = (await all(10, (page) => store.listAll(page))).map(({ id }) => id);
  expect(listed.toSorted()).toEqual(ids.toSorted());
});

test("a user's endings tell why, when, by whom and on which device, newest first", async () => {
  const { store, clock } = await createTestStore();
  await logIn(store, "alice");
  clock.advance(1);
  const second = await logIn(store, "alice");
  clock.advance(1);
  await store.logout(second.token);
  clock.advance(1);
  await logIn(store, "alice");
  clock.advance(1);
  await store.revoke({ userIds: ["alice"], revokedBy: "admin" });
  const endings = await all(2, (page) => store.listEndings("alice", page));
  expect(
    endings.map(({ reason, endedBy, endedAt }) => ({ reason, endedBy, ago: clock.now - endedAt })),
  ).toEqual([
    { reason: "revoked", endedBy: "admin", ago: 0 },
    { reason: "logged_out", endedBy: "alice", ago: 2 },
    { reason: "displaced", endedBy: "alice", ago: 3 },
  ]);
  expect(endings[2]?.displacedByDevice).toBe("Chrome on Windows");
});

test.each([
  "logged out",
  "displaced",
  "replaced by a login that presented it",
  "ended by its user",
  "revoked",
  "revoked alone",
])("the ending of a session that was %s names its own device", async (how) => {
  const { store } = await createTestStore();
  const ended = await logIn(store, "alice", { device: PHONE });
  const next = { device: FIREFOX, policy: NO_LIMIT };
  if (how === "logged out") await store.logout(ended.token);
  else if (how === "displaced") await logIn(store, "alice", { ...next, policy: ONE_SESSION });
  else if (how === "revoked alone")
    await store.revokeOne({
      sessionId: ended.session.id,
      revokedBy: "admin",
      spare: () => Promise.resolve(false),
    });
  else if (how === "revoked") await store.revoke({ userIds: ["alice"], revokedBy: "admin" });
  else if (how === "ended by its user")
    await store.endOne((await logIn(store, "alice", next)).token, ended.session.id);
  else await logIn(store, "bob", { ...next, presented: ended.token });
  const { items } = await store.listEndings("alice", { limit: 10 });
  expect(items.map(({ endedDevice }) => endedDevice)).toEqual([PHONE.label]);
});

test("an ending from before devices were kept still reads", async () => {
  const { store, documents, tableName } = await createTestStore();
  const { token, session } = await logIn(store, "alice");
  await store.logout(token);
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: `ended#${session.id}` },
      UpdateExpression: "REMOVE endedDevice",
      ConditionExpression: "attribute_exists(endedDevice)",
    }),
  );
  expect((await store.listEndings("alice", { limit: 1 })).items[0]).not.toHaveProperty("endedDevice");
});

test.each(["x", "bnVsbA", Buffer.from('["byUser",{}]').toString("base64url")])(
  "a cursor that no listing gave (%s) is refused",
  async (cursor) => {
    const { store } = await createTestStore();
    await expect(store.listAll({ limit: 1, cursor })).rejects.toMatchObject({ name: "InvalidCursorError" });
  },
);

test("one user's cursor does not open another user's list", async () => {
  const { store } = await createTestStore();
  await logIn(store, "alice", MANY);
  await logIn(store, "alice", MANY);
  const { cursor } = await store.listUser("alice", { limit: 1 });
  await expect(store.listUser("bob", { limit: 1, cursor: cursor! })).rejects.toMatchObject({
    name: "InvalidCursorError",
  });
});
