import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SessionContention, SessionEvent } from "../../src/outbox/events.ts";
import { NO_LIMIT, ONE_SESSION } from "../../src/sessions/policy.ts";
import type { DeviceId } from "../../src/sessions/session.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import { startFakeTargets, type FakeTargets } from "../support/fake-targets.ts";
import { CHROME, FIREFOX, HOUR, logIn, MINUTE, PHONE } from "../support/store.ts";
import { createToldStore, PUSHING } from "./support.ts";

/** On the stream of the real engine: what each change of a session is told as. */

let targets: FakeTargets;
beforeAll(async () => {
  targets = await startFakeTargets();
});
afterEach(() => targets.hints.splice(0));
afterAll(() => targets.stop());

const inShort = (events: readonly SessionEvent[]): string[] =>
  events.map((event) => (event.kind === "ended" ? `ended ${event.reason}` : event.kind));

test("a login is told as started, with who, where and when, and nothing that is a secret or an address", async () => {
  const { store, tell } = await createToldStore(targets);
  const { session, token } = await logIn(store, "alice");
  const events = await tell();
  expect(events).toEqual([
    {
      version: "1",
      id: expect.stringMatching(/^[\w-]{43}$/) as string,
      kind: "started",
      time: new Date(session.createdAt).toISOString(),
      userId: "alice",
      sessionId: session.id,
      identitySource: "trusted",
      device: { label: "Chrome on Windows", class: "desktop" },
    },
  ]);
  expect(targets.entries.at(-1)).toMatchObject({
    Source: "single-session",
    DetailType: "Session Started",
    EventBusName: "sessions-bus",
  });
  const text = JSON.stringify(targets.entries.at(-1));
  for (const secret of [
    token.reveal(),
    session.channel ?? "",
    CHROME.userAgent ?? "",
    CHROME.address ?? "",
  ]) {
    expect(secret).not.toBe("");
    expect(text).not.toContain(secret);
  }
});

test("a login that displaces is told as the other's end, by which device, and hints to its page alone", async () => {
  const { store, tell } = await createToldStore(targets);
  const first = await logIn(store, "alice");
  await tell();
  const second = await logIn(store, "alice", { device: FIREFOX });
  const events = await tell();
  expect(inShort(events).sort()).toEqual(["ended displaced", "started"]);
  expect(events.find(({ kind }) => kind === "ended")).toMatchObject({
    sessionId: first.session.id,
    time: new Date(second.session.createdAt).toISOString(),
    by: { id: "alice", device: "Firefox on macOS" },
    startedAt: new Date(first.session.createdAt).toISOString(),
    device: { label: "Chrome on Windows", class: "desktop" },
  });
  expect(targets.hints).toEqual([`/sessions/${first.session.channel}`]);
});

describe("an end is told with its reason", () => {
  test("a logout, one of one's own sessions, all others", async () => {
    const { store, tell } = await createToldStore(targets);
    const many = { policy: NO_LIMIT };
    const [one, two, three] = [
      await logIn(store, "alice", many),
      await logIn(store, "alice", many),
      await logIn(store, "alice", many),
    ];
    await tell();
    await store.endOne(one.token, two.session.id);
    expect(await tell()).toMatchObject([
      { kind: "ended", reason: "logged_out", sessionId: two.session.id, by: { id: "alice" } },
    ]);
    await store.endOthers(one.token);
    expect(await tell()).toMatchObject([{ reason: "logged_out", sessionId: three.session.id }]);
    await store.logout(one.token);
    expect(await tell()).toMatchObject([{ reason: "logged_out", sessionId: one.session.id }]);
  });

  test("an administrators' logout, of users and of one session", async () => {
    const { store, tell } = await createToldStore(targets);
    const alice = await logIn(store, "alice");
    const bob = await logIn(store, "bob");
    await tell();
    await store.revoke({ userIds: ["alice"], revokedBy: "root" });
    await store.revokeOne({
      sessionId: bob.session.id,
      revokedBy: "root",
      spare: () => Promise.resolve(false),
    });
    const events = await tell();
    expect(events).toMatchObject([
      { kind: "ended", reason: "revoked", by: { id: "root" }, sessionId: alice.session.id },
      { kind: "ended", reason: "revoked", by: { id: "root" }, sessionId: bob.session.id },
    ]);
    expect(targets.hints).toHaveLength(2);
  });

  test("what a commit drops because a timeout has passed is expired, at the timeout", async () => {
    const timeouts = { idle: 1, absolute: 12 * HOUR };
    const { store, tell } = await createToldStore(targets, { settings: { ...PUSHING, timeouts } });
    const { session } = await logIn(store, "alice");
    await tell();
    await logIn(store, "alice");
    const ended = (await tell()).find(({ kind }) => kind === "ended");
    expect(ended).toMatchObject({
      reason: "expired",
      sessionId: session.id,
      time: new Date(session.idleExpiresAt).toISOString(),
    });
    expect(ended).not.toHaveProperty("by");
  });

  test("what DynamoDB removes for its time to live is expired, whatever else is known, and hints to nobody", async () => {
    const { store, tell, documents, tableName, records, run } = await createToldStore(targets);
    const { session } = await logIn(store, "alice");
    await tell();
    await documents.send(new DeleteCommand({ TableName: tableName, Key: sessionKey(session.id) }));
    const removed = (await records()).map((record) => ({
      ...record,
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    }));
    const before = targets.entries.length;
    await run(removed);
    expect(JSON.parse(targets.entries[before]?.Detail ?? "")).toMatchObject({
      kind: "ended",
      reason: "expired",
      time: new Date(session.idleExpiresAt).toISOString(),
    });
    expect(targets.hints).toEqual([]);
  });

  test("a session of another era is revoked, by that rule", async () => {
    const { store, another, tell } = await createToldStore(targets, {
      settings: { ...PUSHING, era: "0" },
    });
    const { session } = await logIn(store, "alice");
    await tell();
    await logIn(another({ settings: { ...PUSHING, era: "1" } }), "alice");
    expect((await tell()).find(({ kind }) => kind === "ended")).toMatchObject({
      reason: "revoked",
      by: { id: "rule:era" },
      sessionId: session.id,
    });
  });

  test("one that a bulk revocation deleted without having seen it is unknown", async () => {
    const { store, tell, documents, tableName } = await createToldStore(targets);
    const { session } = await logIn(store, "alice");
    await tell();
    await documents.send(new DeleteCommand({ TableName: tableName, Key: sessionKey(session.id) }));
    const [event] = await tell();
    expect(event).toMatchObject({ kind: "ended", reason: "unknown", sessionId: session.id });
    expect(event).not.toHaveProperty("by");
  });
});

test("the login that raises contention is told as two events of one session", async () => {
  const { store, tell } = await createToldStore(targets);
  const devices = [
    { ...CHROME, id: "c".repeat(43) as DeviceId },
    { ...PHONE, id: "p".repeat(43) as DeviceId },
  ];
  for (let login = 0; login < 6; login++) {
    await logIn(store, "alice", { device: devices[login % 2]!, policy: ONE_SESSION });
  }
  const events = await tell();
  const [contention, ...others] = events.filter(({ kind }) => kind === "contention");
  expect(others).toEqual([]);
  expect(contention).toMatchObject({
    userId: "alice",
    devices: [
      { label: "Chrome on Windows", class: "desktop" },
      { label: "Safari on iOS", class: "mobile" },
    ],
    displacements: 5,
  });
  expect(JSON.stringify(events)).not.toContain("c".repeat(43));
  const place = events.findIndex(({ kind }) => kind === "contention");
  const isOfIt = (event: SessionEvent): boolean =>
    event.kind === "started" && event.sessionId === (contention as SessionContention).sessionId;
  expect(events.slice(0, place).some(isOfIt)).toBe(true);
});

test("touches, rosters, endings and restored copies are told nothing; a copy's end is", async () => {
  const { store, another, tell, documents, tableName, telemetry, records, run } =
    await createToldStore(targets);
  const { session, token } = await logIn(store, "alice");
  await tell();
  await another({ clock: () => Date.now() + 4 * MINUTE }).validate(token);
  expect(await tell()).toEqual([]);
  const copy = { ...sessionKey("r".repeat(43)), ...copyOf(session), createdAt: Date.now() - 6 * MINUTE };
  await documents.send(new PutCommand({ TableName: tableName, Item: copy }));
  const inserted = await records();
  expect(inserted).toHaveLength(1);
  const before = targets.entries.length;
  await run(inserted);
  expect(targets.entries).toHaveLength(before);
  expect(telemetry.lines("outbox")).toMatchObject([
    { outbox: { problem: "session-copied", sessionIds: ["r".repeat(43)] } },
  ]);
  await documents.send(new DeleteCommand({ TableName: tableName, Key: sessionKey("r".repeat(43)) }));
  expect(await tell()).toMatchObject([{ kind: "ended", sessionId: "r".repeat(43) }]);
});

const copyOf = ({ user, ...rest }: Awaited<ReturnType<typeof logIn>>["session"]) => ({
  ...rest,
  userId: user.id,
  isAdmin: user.isAdmin,
  permissions: [],
  ttl: 1,
});
