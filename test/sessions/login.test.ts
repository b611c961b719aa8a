import { describe, expect, test } from "vitest";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import { ONE_SESSION, NO_LIMIT, type SessionPolicy } from "../../src/sessions/policy.ts";
import {
  HOUR,
  MINUTE,
  FIREFOX,
  PHONE,
  SETTINGS,
  createTestStore,
  liveAmong,
  logIn,
  loginRequest,
  user,
  type LoggedIn,
} from "../support/store.ts";

describe("with one session a user", () => {
  test("a first login gives a session whose token validates", async () => {
    const { store, clock } = await createTestStore();
    const { token, session, displaced } = await logIn(store, "alice");
    expect(displaced).toEqual([]);
    expect(await store.validate(token)).toEqual({ outcome: "live", session });
    expect(session).toMatchObject({
      user: { id: "alice", isAdmin: false, permissions: [] },
      createdAt: clock.now,
      idleExpiresAt: clock.now + 30 * MINUTE,
      expiresAt: clock.now + 12 * HOUR,
    });
  });

  test("a second login displaces the first and says which", async () => {
    const { store } = await createTestStore();
    const first = await logIn(store, "alice");
    const second = await logIn(store, "alice", { device: FIREFOX });
    expect(second.displaced).toEqual([
      {
        id: first.session.id,
        createdAt: first.session.createdAt,
        device: { label: "Chrome on Windows", class: "desktop" },
      },
    ]);
    expect(await liveAmong(store, [first.token, second.token])).toEqual([1]);
    expect(await store.validate(first.token)).toMatchObject({
      outcome: "ended",
      ending: {
        reason: "displaced",
        userId: "alice",
        endedBy: "alice",
        displacedByDevice: "Firefox on macOS",
      },
    });
  });

  test("another user's session is left alone", async () => {
    const { store } = await createTestStore();
    const bob = await logIn(store, "bob");
    await logIn(store, "alice");
    expect(await liveAmong(store, [bob.token])).toEqual([0]);
  });

  test("a session that expired from idleness is dropped, not displaced", async () => {
    const { store, clock } = await createTestStore();
    const first = await logIn(store, "alice");
    clock.advance(31 * MINUTE);
    const second = await logIn(store, "alice");
    expect(second.displaced).toEqual([]);
    expect(await store.validate(first.token)).toEqual({ outcome: "unknown" });
  });

  test("a session of another era is dropped, and its token is dead", async () => {
    const { store, another } = await createTestStore();
    const first = await logIn(store, "alice");
    const newEra = another({
      settings: { era: "2", timeouts: { idle: 30 * MINUTE, absolute: 12 * HOUR }, logoutAllSessions: true },
    });
    expect(await newEra.validate(first.token)).toEqual({ outcome: "unknown" });
    const second = await logIn(newEra, "alice");
    expect(second.displaced).toEqual([]);
    expect(await liveAmong(newEra, [second.token])).toEqual([0]);
    expect(await store.validate(first.token)).toEqual({ outcome: "unknown" });
  });
});

describe("with a presented token", () => {
  test("the same client's session ends as logged out and is not counted", async () => {
    const { store } = await createTestStore();
    const first = await logIn(store, "alice");
    const second = await logIn(store, "alice", {
      presented: first.token,
      policy: { limit: 1, atLimit: "deny" },
    });
    expect(second.displaced).toEqual([]);
    expect(await store.validate(first.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out" },
    });
    expect(second.token.reveal()).not.toBe(first.token.reveal());
  });

  test("another user's session on that client ends in the same login", async () => {
    const { store } = await createTestStore();
    const alice = await logIn(store, "alice");
    const bob = await logIn(store, "bob", { presented: alice.token });
    expect(await liveAmong(store, [alice.token, bob.token])).toEqual([1]);
    expect(await store.validate(alice.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out", userId: "alice", endedBy: "alice" },
    });
    const again = await logIn(store, "alice");
    expect(again.displaced).toEqual([]);
  });

  test.each(["never a session", "already displaced"])(
    "a dead one (%s) does not keep the login out",
    async (why) => {
      const { store, another } = await createTestStore();
      const first = await logIn(
        why === "never a session" ? another({ tableName: (await createTestStore()).tableName }) : store,
        "alice",
      );
      await logIn(store, "alice");
      const third = await logIn(store, "alice", { presented: first.token });
      expect(third.displaced).toHaveLength(1);
      expect(await liveAmong(store, [third.token])).toEqual([0]);
    },
  );
});

describe("with a limit of several", () => {
  const three: SessionPolicy = { limit: 3, atLimit: "displace" };

  test("the least recently seen session makes room", async () => {
    const { store, clock } = await createTestStore();
    const sessions = [];
    for (let i = 0; i < 3; i++) {
      sessions.push(await logIn(store, "alice", { policy: three }));
      clock.advance(MINUTE);
    }
    clock.advance(4 * MINUTE);
    await store.validate(sessions[0]!.token);
    const fourth = await logIn(store, "alice", { policy: three });
    expect(fourth.displaced.map(({ id }) => id)).toEqual([sessions[1]!.session.id]);
    expect(
      await liveAmong(
        store,
        [...sessions, fourth].map(({ token }) => token),
      ),
    ).toEqual([0, 2, 3]);
  });

  test("equal times leave exactly the limit", async () => {
    const { store } = await createTestStore();
    const tokens = [];
    for (let i = 0; i < 6; i++) tokens.push((await logIn(store, "alice", { policy: three })).token);
    expect(await liveAmong(store, tokens)).toHaveLength(3);
  });

  test("a lowered limit ends as many as it takes", async () => {
    const { store } = await createTestStore();
    const tokens = [];
    for (let i = 0; i < 5; i++) tokens.push((await logIn(store, "alice", { policy: NO_LIMIT })).token);
    const last = await logIn(store, "alice", { policy: { limit: 2, atLimit: "displace" } });
    expect(last.displaced).toHaveLength(4);
    expect(await liveAmong(store, [...tokens, last.token])).toHaveLength(2);
  });

  test("no limit is thirty, in one transaction even when all of them go", async () => {
    const { store } = await createTestStore();
    const tokens = [];
    for (let i = 0; i < 31; i++) tokens.push((await logIn(store, "alice", { policy: NO_LIMIT })).token);
    expect(await liveAmong(store, tokens)).toHaveLength(30);
    const last = await logIn(store, "alice", { policy: ONE_SESSION });
    expect(last.displaced).toHaveLength(30);
    expect(await liveAmong(store, [...tokens, last.token])).toEqual([31]);
  });
});

describe.each(["deny", "ask"] as const)("with %s at the limit", (atLimit) => {
  const policy: SessionPolicy = { limit: 1, atLimit };

  test("a login is refused, is told the live sessions, and signs nobody out", async () => {
    const { store } = await createTestStore();
    const first = await logIn(store, "alice", { policy, device: PHONE });
    const outcome = await store.login(loginRequest("alice", { policy }));
    expect(outcome).toEqual({ outcome: "session-limit", sessions: [first.session] });
    expect(await liveAmong(store, [first.token])).toEqual([0]);
  });

  test.each([
    ["expired from idleness", "idle"],
    ["revoked", "revoke"],
  ])("a session that has %s does not count", async (_, how) => {
    const { store, clock } = await createTestStore();
    const first = await logIn(store, "alice", { policy });
    if (how === "idle") clock.advance(30 * MINUTE);
    else await store.revoke({ userIds: ["alice"], revokedBy: "admin" });
    const second = await logIn(store, "alice", { policy });
    expect(second.displaced).toEqual([]);
    expect(await liveAmong(store, [first.token, second.token])).toEqual([1]);
  });
});

test("the largest session the bounds allow is read with one unit", async () => {
  const push = { url: "wss://a.example", host: "b.example", publishUrl: "https://b.example" };
  const { store, documents, tableName } = await createTestStore({ settings: { ...SETTINGS, push } });
  const deviceOf = (login: number): Device => ({
    id: `${login % 2}`.repeat(43) as DeviceId,
    label: "語".repeat(500),
    class: "desktop",
    userAgent: "語".repeat(5000),
    address: "語".repeat(500),
  });
  // Two devices displace each other until a login raises the signal, which its session's item then has.
  let largest: LoggedIn | undefined;
  for (let login = 0; largest?.contention === undefined; login++) {
    largest = await logIn(store, "ü".repeat(256), {
      user: user("ü".repeat(256), { permissions: ["p".repeat(1000)] }),
      identitySource: "s".repeat(64),
      device: deviceOf(login),
      signedInAt: Date.UTC(2030, 0, 1),
    });
  }
  const { session } = largest;
  expect(session.channel).toBeDefined();
  const { GetCommand } = await import("@aws-sdk/lib-dynamodb");
  const answer = await documents.send(
    new GetCommand({
      TableName: tableName,
      Key: { pk: `session#${session.id}` },
      ConsistentRead: true,
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  expect(answer.ConsumedCapacity?.CapacityUnits).toBe(1);
});
