import { describe, expect, test } from "vitest";
import { boundSessionId, type SignIn } from "../../../src/sessions/sign-in.ts";
import { testDatabaseEndpoint } from "../../support/database-endpoint.ts";
import { testClient } from "../../support/dynamodb.ts";
import { cancelled, startDynamoDbProxy, throttled } from "../../support/dynamodb-proxy.ts";
import { ANN, recordingClient, removeByTtl, signIn, useLive, using } from "../../support/sign-ins.ts";
import { createTestStore, HOUR, logIn, MINUTE, SETTINGS } from "../../support/store.ts";
import { at, eachInOwnWorld, signIns, store, TWO, world } from "./each-world.ts";

eachInOwnWorld();

const spare = (): Promise<boolean> => Promise.resolve(false);

/** What ends a session, and how long after it what. */
const ENDINGS: readonly [string, string, (one: SignIn) => Promise<unknown>][] = [
  ["displaced by a login", "ended", () => logIn(store, ANN)],
  ["displaced by a sign-in", "ended", () => useLive(signIns, at("newer"))],
  ["logged out", "ended", (one) => signIns.logOutSignIn(using(one))],
  ["ended by its user", "ended", (one) => store.endOne(one, boundSessionId("1", one))],
  ["revoked", "ended", () => store.revoke({ userIds: [ANN], revokedBy: "admin" })],
  [
    "revoked alone",
    "ended",
    (one) => store.revokeOne({ sessionId: boundSessionId("1", one), revokedBy: "admin", spare }),
  ],
  [
    "idle",
    "expired",
    () => {
      world.clock.advance(31 * MINUTE);
      return Promise.resolve();
    },
  ],
  [
    "idle, and dropped by a login",
    "unknown",
    async () => {
      world.clock.advance(31 * MINUTE);
      await logIn(store, ANN, { policy: TWO });
      // At a limit of two the roster alone does not tell; a second and a third login read the sessions.
      await logIn(store, ANN, { policy: TWO });
      await logIn(store, ANN, { policy: TWO });
    },
  ],
];

describe.each(ENDINGS)("a sign-in whose session was %s", (_, outcome, end) => {
  test("is not admitted again by its refreshed token, nor when TTL has removed what it may", async () => {
    const one = at("one");
    await useLive(signIns, one);
    await end(one);
    const patient = {
      ...SETTINGS,
      timeouts: { idle: "none", absolute: 60 * 24 * HOUR },
    } as const;
    expect((await signIns.useSignIn(using(one))).outcome).toBe(outcome);
    for (const settings of [SETTINGS, { ...SETTINGS, era: "2" }, patient]) {
      const { signIns: other } = world.another({ settings });
      expect((await other.useSignIn(using(one))).outcome).not.toBe("live");
      expect((await other.logInBySignIn(using(one))).outcome).not.toBe("live");
    }
    for (const hours of [13, 24 * 29, 24]) {
      world.clock.advance(hours * HOUR);
      await removeByTtl(world);
      for (const settings of [SETTINGS, { ...SETTINGS, era: "2" }, patient]) {
        const { signIns: other } = world.another({ settings });
        expect((await other.useSignIn(using(one, { policy: TWO }))).outcome).not.toBe("live");
      }
    }
  });
});

describe("at a limit of two", () => {
  test("an older sign-in displaces no newer one by itself", async () => {
    const [new1, new2] = [at("new1", MINUTE), at("new2", MINUTE)];
    await useLive(signIns, new1, { policy: TWO });
    await useLive(signIns, new2, { policy: TWO });
    const older = at("older", HOUR);
    expect(await signIns.useSignIn(using(older, { policy: TWO }))).toMatchObject({
      outcome: "too-old",
      reason: "displaced",
      countsFrom: new1.signedInAt,
    });
    const login = await signIns.logInBySignIn(
      using(older, { policy: TWO, end: [boundSessionId("1", new2)] }),
    );
    expect(login).toMatchObject({ admitted: true, displaced: [{ id: boundSessionId("1", new2) }] });
  });

  test("it displaces the least recently seen of those that are not newer", async () => {
    const [oldest, newest, middle] = [at("oldest", 3 * MINUTE), at("newest"), at("middle", 2 * MINUTE)];
    await useLive(signIns, newest, { policy: TWO });
    world.clock.advance(MINUTE);
    await useLive(signIns, oldest, { policy: TWO });
    const { displaced } = await useLive(signIns, middle, { policy: TWO });
    expect(displaced.map(({ id }) => id)).toEqual([boundSessionId("1", oldest)]);
  });

  test("an opaque session counts as signed in five seconds before its login", async () => {
    const policy = { limit: 1, atLimit: "displace" } as const;
    for (const [agoMs, outcome] of [
      [5000, "live"],
      [6000, "too-old"],
    ] as const) {
      const userId = `pool:${agoMs}`;
      await logIn(store, userId, { policy });
      const one = signIn(world.clock, "one", { userId, agoMs });
      expect((await signIns.useSignIn(using(one, { policy }))).outcome).toBe(outcome);
    }
  });
});

describe("3: a session whose commit may still be under way", () => {
  test("is live on another instance only when nothing of the commit is held any more", async () => {
    const old = await useLive(signIns, at("old", MINUTE));
    const one = at("one");
    await useLive(signIns, one);
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    const seen: string[] = [];
    proxy.interfere(({ operation, body }) => {
      if (operation !== "TransactGetItems") return undefined;
      const text = JSON.stringify(body);
      seen.push(text.includes(old.session.id) ? "leaving" : "session");
      return seen.length % 2 === 1 ? cancelled("TransactionConflict", "None") : undefined;
    });
    const documents = testClient({ endpoint: proxy.endpoint, tries: 1 });
    const { signIns: other } = world.another({ documents });
    await useLive(other, one);
    expect(seen).toEqual(["session", "session", "leaving", "leaving"]);
    await proxy.stop();
  });

  test("that was displaced meanwhile is told so", async () => {
    const one = at("one");
    await useLive(signIns, one);
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    let hasDisplaced = false;
    proxy.interfere(async ({ operation }) => {
      if (operation === "TransactGetItems" && !hasDisplaced) {
        hasDisplaced = true;
        await logIn(store, ANN);
      }
      return undefined;
    });
    const { signIns: other } = world.another({ documents: testClient({ endpoint: proxy.endpoint }) });
    expect(await other.useSignIn(using(one))).toMatchObject({ ending: { reason: "displaced" } });
    await proxy.stop();
  });
});

describe("an administrators' logout", () => {
  test("of users of no source with access tokens costs what it did", async () => {
    const { documents, another } = await createTestStore();
    const client = recordingClient(documents);
    const plain = another({ documents: client.documents });
    await logIn(plain, "alice");
    client.sent();
    await plain.revoke({ userIds: ["alice", "bob"], revokedBy: "admin" });
    const before = client.sent();
    expect(before).toEqual(["BatchGet", "BatchGet", "BatchWrite", "BatchWrite"]);
    const { store: withSources } = world.another({ documents: client.documents });
    await logIn(withSources, "alice");
    client.sent();
    await withSources.revoke({ userIds: ["alice", "bob"], revokedBy: "admin" });
    expect(client.sent()).toEqual(before);
  });

  test("waits for those of many users whose roster is being changed, and for nobody twice", async () => {
    const userIds = Array.from({ length: 120 }, (_, index) => `pool:${index}`);
    await Promise.all(userIds.slice(0, 3).map((userId) => logIn(store, userId)));
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    const sizes: number[] = [];
    proxy.interfere(({ operation, body }) => {
      if (operation !== "TransactGetItems") return undefined;
      const { length } = body["TransactItems"] as unknown[];
      sizes.push(length);
      const held = Array.from({ length }, (_, index) => (index === 1 ? "TransactionConflict" : "None"));
      return sizes.length === 1 ? cancelled(...held) : undefined;
    });
    const { store: other } = world.another({ documents: testClient({ endpoint: proxy.endpoint, tries: 1 }) });
    const { loggedOut, unfinished } = await other.revoke({ userIds, revokedBy: "admin" });
    expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 20, 99, 100]);
    expect(unfinished).toEqual([]);
    expect(loggedOut.filter(({ sessionCount }) => sessionCount === 1)).toHaveLength(3);
    await proxy.stop();
  });

  test("of a user whose time could not be written is unfinished, and the others' is not", async () => {
    await useLive(signIns, at("one"));
    await logIn(store, "alice");
    const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    proxy.interfere(({ operation }) => (operation === "UpdateItem" ? throttled : undefined));
    let elapsed = 0;
    const { store: other } = world.another({
      documents: testClient({ endpoint: proxy.endpoint, tries: 1 }),
      stopwatch: () => (elapsed += 1000),
      sleep: () => Promise.resolve(),
    });
    expect(await other.revoke({ userIds: [ANN, "alice"], revokedBy: "admin" })).toEqual({
      loggedOut: [{ userId: "alice", sessionCount: 1 }],
      spared: [],
      unfinished: [ANN],
    });
    await useLive(signIns, at("one"));
    await proxy.stop();
  });
});
