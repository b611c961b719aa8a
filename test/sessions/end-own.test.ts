import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { SessionToken, parseSessionId, type SessionId } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { Gate, startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import {
  createTestStore,
  HOUR,
  liveAmong,
  logIn,
  MINUTE,
  SETTINGS,
  type LoggedIn,
} from "../support/store.ts";

const MANY = { policy: NO_LIMIT };
let proxy: DynamoDbProxy;

beforeAll(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterAll(() => proxy.stop());

describe("logout", () => {
  test("by default ends all of the user's sessions, and says so to each", async () => {
    const { store } = await createTestStore();
    const [a, b, bob] = [
      await logIn(store, "alice", MANY),
      await logIn(store, "alice", MANY),
      await logIn(store, "bob"),
    ];
    expect(await store.logout(a.token)).toMatchObject({ outcome: "ended", userId: "alice" });
    expect(await liveAmong(store, [a.token, b.token, bob.token])).toEqual([2]);
    expect(await store.validate(b.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out", endedBy: "alice" },
    });
  });

  test("with logoutAllSessions off ends the presented one alone", async () => {
    const { another } = await createTestStore();
    const store = another({ settings: { ...SETTINGS, logoutAllSessions: false } });
    const [a, b] = [await logIn(store, "alice", MANY), await logIn(store, "alice", MANY)];
    expect(await store.logout(a.token)).toEqual({
      outcome: "ended",
      userId: "alice",
      sessionIds: [a.session.id],
    });
    expect(await liveAmong(store, [a.token, b.token])).toEqual([1]);
  });

  test.each(["displaced", "expired", "logged out", "never issued"])(
    "with a token that is %s ends nothing",
    async (why) => {
      const { store, clock } = await createTestStore();
      const old = await logIn(store, "alice");
      if (why === "expired") clock.advance(31 * MINUTE);
      if (why === "logged out") await store.logout(old.token);
      const winner = await logIn(store, "alice");
      const token = why === "never issued" ? SessionToken.generate() : old.token;
      expect(await store.logout(token)).toEqual({ outcome: "not-live" });
      expect(await liveAmong(store, [winner.token])).toEqual([0]);
    },
  );

  test("with idle sessions in the roster ends the rest all the same", async () => {
    const { store, clock } = await createTestStore();
    await logIn(store, "alice", MANY);
    await logIn(store, "alice", MANY);
    clock.advance(31 * MINUTE);
    const live = await logIn(store, "alice", MANY);
    expect(await store.logout(live.token)).toMatchObject({ outcome: "ended", sessionIds: [live.session.id] });
    const next = await logIn(store, "alice");
    expect(next.displaced).toEqual([]);
  });

  test("that lost the race against a displacing login does not end the winner", async () => {
    const { another } = await createTestStore();
    const direct = another({});
    const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
    const old = await logIn(direct, "alice");
    const gate = new Gate();
    proxy.interfere(({ operation }) => (operation === "TransactWriteItems" ? gate.pass() : undefined));
    const loggingOut = store.logout(old.token);
    await gate.reached.promise;
    const winner = await logIn(direct, "alice");
    gate.open();
    expect(await loggingOut).toEqual({ outcome: "not-live" });
    expect(await liveAmong(direct, [winner.token])).toEqual([0]);
    expect(await direct.validate(old.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "displaced" },
    });
  });
});

describe("ending one of one's own sessions", () => {
  test("ends that one and keeps the rest", async () => {
    const { store } = await createTestStore();
    const [a, b, c] = [
      await logIn(store, "alice", MANY),
      await logIn(store, "alice", MANY),
      await logIn(store, "alice", MANY),
    ];
    expect(await store.endOne(a.token, b.session.id)).toEqual({
      outcome: "ended",
      userId: "alice",
      sessionIds: [b.session.id],
    });
    expect(await liveAmong(store, [a.token, b.token, c.token])).toEqual([0, 2]);
  });

  test("may end the caller's own", async () => {
    const { store } = await createTestStore();
    const a = await logIn(store, "alice");
    expect(await store.endOne(a.token, a.session.id)).toMatchObject({ outcome: "ended" });
    expect(await liveAmong(store, [a.token])).toEqual([]);
  });

  test("finds neither another user's session nor a dead or unknown one", async () => {
    const { store } = await createTestStore();
    const [alice, bob] = [await logIn(store, "alice", MANY), await logIn(store, "bob")];
    const gone = await logIn(store, "alice", MANY);
    await store.endOne(alice.token, gone.session.id);
    for (const id of [bob.session.id, gone.session.id, parseSessionId("x".repeat(43))!]) {
      expect(await store.endOne(alice.token, id)).toEqual({ outcome: "not-found" });
    }
    expect(await liveAmong(store, [bob.token])).toEqual([0]);
  });

  test("by a token that is not live ends nothing", async () => {
    const { store } = await createTestStore();
    const old = await logIn(store, "alice");
    const winner = await logIn(store, "alice");
    expect(await store.endOne(old.token, winner.session.id)).toEqual({ outcome: "not-live" });
    expect(await liveAmong(store, [winner.token])).toEqual([0]);
  });

  test("by a session revoked in that moment ends nothing", async () => {
    const { another } = await createTestStore();
    const direct = another({});
    const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
    const [a, b] = [await logIn(direct, "alice", MANY), await logIn(direct, "alice", MANY)];
    const gate = new Gate();
    proxy.interfere(({ operation }) => (operation === "TransactWriteItems" ? gate.pass() : undefined));
    const ending = store.endOne(a.token, b.session.id);
    await gate.reached.promise;
    await direct.revoke({ userIds: ["alice"], revokedBy: "admin" });
    gate.open();
    expect(await ending).toEqual({ outcome: "not-live" });
    expect(await direct.validate(b.token)).toMatchObject({ outcome: "ended", ending: { reason: "revoked" } });
  });
});

describe("ending all others", () => {
  test("keeps the caller's own", async () => {
    const { store } = await createTestStore();
    const tokens = [];
    for (let i = 0; i < 3; i++) tokens.push(await logIn(store, "alice", MANY));
    const answer = await store.endOthers(tokens[1]!.token);
    expect(answer).toMatchObject({ outcome: "ended" });
    expect(answer.outcome === "ended" && answer.sessionIds.toSorted()).toEqual(
      [tokens[0]!.session.id, tokens[2]!.session.id].toSorted(),
    );
    expect(
      await liveAmong(
        store,
        tokens.map(({ token }) => token),
      ),
    ).toEqual([1]);
  });

  test("with none is no error", async () => {
    const { store } = await createTestStore();
    const { token } = await logIn(store, "alice");
    expect(await store.endOthers(token)).toEqual({ outcome: "ended", userId: "alice", sessionIds: [] });
    expect(await liveAmong(store, [token])).toEqual([0]);
  });
});

describe("between its two reads", () => {
  /** Ends sessions by a token, doing something after the session was read and before the roster is. */
  async function endingMeanwhile(
    end: (store: SessionStore, token: SessionToken, id: SessionId) => Promise<unknown>,
    meanwhile: (direct: SessionStore) => Promise<unknown>,
  ): Promise<{ answer: unknown; direct: SessionStore }> {
    const { another } = await createTestStore();
    const direct = another({});
    const store = another({ documents: testClient({ endpoint: proxy.endpoint }) });
    const [own, other] = [await logIn(direct, "alice", MANY), await logIn(direct, "alice", MANY)];
    const gate = new Gate();
    const isRoster = (key: unknown): boolean => JSON.stringify(key).includes("user#");
    proxy.interfere(({ operation, body }) =>
      operation === "GetItem" && isRoster(body["Key"]) ? gate.pass() : undefined,
    );
    const ending = end(store, own.token, other.session.id);
    await gate.reached.promise;
    await meanwhile(direct);
    gate.open();
    return { answer: await ending, direct };
  }

  test.each<[string, (store: SessionStore, token: SessionToken, id: SessionId) => Promise<unknown>]>([
    ["endOthers", (store, token) => store.endOthers(token)],
    ["endOne", (store, token, id) => store.endOne(token, id)],
    ["logout", (store, token) => store.logout(token)],
  ])("a session that was displaced ends nothing by %s", async (_, end) => {
    let winner: LoggedIn | undefined;
    const { answer, direct } = await endingMeanwhile(end, async (store) => {
      winner = await logIn(store, "alice");
    });
    expect(answer).toEqual({ outcome: "not-live" });
    expect(await liveAmong(direct, [winner!.token])).toEqual([0]);
  });
});

test.each<[string, (store: SessionStore, token: SessionToken) => Promise<unknown>]>([
  ["logout", (store, token) => store.logout(token)],
  ["endOthers", (store, token) => store.endOthers(token)],
])("a session whose absolute timeout passes while %s runs is not live", async (_, end) => {
  const { another, store, clock } = await createTestStore();
  const { token } = await logIn(store, "alice");
  proxy.interfere(() => undefined);
  let reads = 0;
  const documents = testClient({ endpoint: proxy.endpoint });
  const late = another({ documents, clock: () => (reads++ === 0 ? clock.now : clock.now + 12 * HOUR) });
  expect(await end(late, token)).toEqual({ outcome: "not-live" });
});
