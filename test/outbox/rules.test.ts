import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { deliver, LARGEST_CALL, type Send } from "../../src/outbox/deliver.ts";
import { eventId } from "../../src/outbox/event-id.ts";
import { howEnded, type Removal } from "../../src/outbox/how-ended.ts";
import { authorizePush } from "../../src/outbox/push-authorizer.ts";
import { readRecord, type SeenSession } from "../../src/outbox/stream-record.ts";
import type { Ending } from "../../src/sessions/ending.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { HOUR, MINUTE } from "../support/store.ts";

const T = Date.UTC(2030, 0, 1);
const SECOND = 1000;
const ID = "s".repeat(43) as SessionId;

const attributes: Omit<SeenSession, "id"> = {
  userId: "alice",
  identitySource: "passwords",
  device: { label: "Chrome on Windows", class: "desktop" },
  era: "1",
  createdAt: T,
  lastSeenAt: T + 10 * MINUTE,
  idleExpiresAt: T + 40 * MINUTE,
  expiresAt: T + 12 * HOUR,
};
const session: SeenSession = { ...attributes, id: ID };
const DEVICE = { label: "Firefox on Linux", class: "desktop" };
const SUSPECTED = {
  suspectedAt: T + 11 * MINUTE,
  place: { ...DEVICE, before: attributes.device, switches: [{ at: T, far: true }] },
};

/** A record of the stream, of a change at `at`. */
function recordOf(
  change: { readonly before?: object; readonly after?: object; readonly pk?: string; readonly at?: number },
  more: object = {},
): DynamoDBRecord {
  const { before, after, pk = `session#${ID}`, at = T } = change;
  return {
    ...more,
    dynamodb: {
      Keys: { pk: { S: pk } },
      ApproximateCreationDateTime: at / SECOND,
      ...(before !== undefined && { OldImage: marshall(before) as never }),
      ...(after !== undefined && { NewImage: marshall(after) as never }),
    },
  };
}

describe("a record is", () => {
  const TTL = { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } };
  const started = { reading: "started", at: T, session };
  test.each<[string, DynamoDBRecord, object]>([
    ["a session's insert: started", recordOf({ after: attributes }), started],
    [
      "one 5 minutes after it began: started",
      recordOf({ after: attributes, at: T + 5 * MINUTE }),
      { ...started, at: T + 5 * MINUTE },
    ],
    ["one 5 minutes before it began: started", recordOf({ after: attributes, at: T - 5 * MINUTE }), {}],
    [
      "one later: copied in",
      recordOf({ after: attributes, at: T + 5 * MINUTE + SECOND }),
      { reading: "copied", sessionId: ID },
    ],
    [
      "with contention and a channel: they come with it",
      recordOf({ after: { ...attributes, channel: "c", contention: CONTENTION() } }),
      { reading: "started", session: { channel: "c", contention: CONTENTION() } },
    ],
    [
      "a removal: ended",
      recordOf({ before: attributes, at: T + HOUR }),
      { reading: "removed", at: T + HOUR, session, byTtl: false },
    ],
    ["a removal by time to live: so", recordOf({ before: attributes }, TTL), { byTtl: true }],
    [
      "a removal by another service: not so",
      recordOf({ before: attributes }, { userIdentity: { type: "Service", principalId: "x" } }),
      { byTtl: false },
    ],
    [
      "its time in fractions of a second: whole seconds",
      recordOf({ before: attributes, at: T + 999 }),
      { at: T },
    ],
    ["a touch: ignored", recordOf({ before: attributes, after: attributes }), { reading: "ignored" }],
    [
      "a touch that finds it used from two places: suspected",
      recordOf({ before: attributes, after: { ...attributes, ...SUSPECTED } }),
      { reading: "suspected", at: T, session, places: SUSPECTED },
    ],
    [
      "a later touch of it: ignored",
      recordOf({ before: { ...attributes, ...SUSPECTED }, after: { ...attributes, ...SUSPECTED } }),
      { reading: "ignored" },
    ],
    [
      "its removal: ended",
      recordOf({ before: { ...attributes, ...SUSPECTED } }),
      { reading: "removed", session },
    ],
    [
      "suspected without two places: unreadable",
      recordOf({ before: attributes, after: { ...attributes, ...SUSPECTED, place: DEVICE } }),
      { reading: "unreadable", sessionId: ID },
    ],
    ["a roster: ignored", recordOf({ pk: "user#alice", after: {} }), { reading: "ignored" }],
    ["an ending: ignored", recordOf({ pk: `ended#${ID}`, after: {} }), { reading: "ignored" }],
    ["of no key: ignored", { dynamodb: { NewImage: {} } }, { reading: "ignored" }],
    ["empty: ignored", {}, { reading: "ignored" }],
    ["without images: unreadable", recordOf({}), { reading: "unreadable", sessionId: ID }],
    [
      "without a time: unreadable",
      { dynamodb: { Keys: { pk: { S: `session#${ID}` } }, NewImage: {} } },
      { reading: "unreadable" },
    ],
    [
      "without a member: unreadable, and the member is named",
      recordOf({ before: { ...attributes, device: { label: "secret" } } }),
      { reading: "unreadable", problem: expect.stringMatching(/device\.class \(\w+\)$/) as string },
    ],
    [
      "with a year that no date has: unreadable",
      recordOf({ before: { ...attributes, expiresAt: 9e15 } }),
      { reading: "unreadable" },
    ],
  ])("%s", (_name, record, expected) => expect(readRecord(record)).toMatchObject(expected));

  test("unreadable where it has a number that JavaScript has not", () => {
    const record = recordOf({ before: attributes });
    record.dynamodb!.OldImage!["createdAt"] = { N: "9".repeat(30) };
    expect(readRecord(record)).toMatchObject({ reading: "unreadable" });
  });

  function CONTENTION() {
    const device = { label: "Chrome on Windows", class: "desktop" };
    return { devices: [device, device], displacements: 5 };
  }
});

describe("a session has ended", () => {
  const at = T + 20 * MINUTE;
  const ending: Ending = {
    sessionId: ID,
    userId: "alice",
    reason: "displaced",
    endedAt: at,
    endedBy: "alice",
    displacedByDevice: "Firefox on macOS",
    expiresAt: session.expiresAt,
  };
  const removal: Removal = { session, at, byTtl: false, ending: undefined, era: "1" };
  const byEnding = { reason: "displaced", time: at, by: { id: "alice", device: "Firefox on macOS" } };
  const seenAt = (lastSeenAt: number): SeenSession => ({ ...session, lastSeenAt });
  const idle = { reason: "expired", time: session.idleExpiresAt };

  test.each<[string, Removal, object]>([
    ["by TTL: expired, whatever its ending says", { ...removal, byTtl: true, ending }, idle],
    [
      "by TTL at the absolute timeout: at that",
      { ...removal, byTtl: true, session: { ...session, idleExpiresAt: T + 13 * HOUR } },
      { reason: "expired", time: session.expiresAt },
    ],
    ["with an ending: as that says", { ...removal, ending }, byEnding],
    ["with one, after its timeout: as that says", { ...removal, ending, at: T + HOUR }, byEnding],
    [
      "with one 60 s older than its last activity: as that says",
      { ...removal, ending, session: seenAt(at + MINUTE) },
      byEnding,
    ],
    [
      "with one older than that: it was of a revocation that ran out of time, and says nothing",
      { ...removal, ending, session: seenAt(at + MINUTE + 1) },
      { reason: "unknown", time: at },
    ],
    [
      "by an administrator: by that one",
      {
        ...removal,
        ending: { ...ending, reason: "revoked", endedBy: "root", displacedByDevice: undefined! },
      },
      { reason: "revoked", by: { id: "root" } },
    ],
    ["after the idle timeout: expired", { ...removal, at: T + 41 * MINUTE }, idle],
    ["a minute before it, by some clock after it: expired", { ...removal, at: T + 39 * MINUTE }, idle],
    [
      "earlier than that: unknown",
      { ...removal, at: T + 39 * MINUTE - SECOND },
      { reason: "unknown", time: T + 39 * MINUTE - SECOND },
    ],
    [
      "in another era: revoked by that rule",
      { ...removal, era: "2" },
      { reason: "revoked", by: { id: "rule:era" } },
    ],
    ["in another era, timed out: expired", { ...removal, era: "2", at: T + HOUR }, idle],
    ["in another era, with an ending: as that says", { ...removal, era: "2", ending }, byEnding],
    ["and nobody can say why: unknown, at its record's time", removal, { reason: "unknown", time: at }],
  ])("%s", (_name, given, expected) => {
    const how = howEnded(given);
    expect(how).toMatchObject(expected);
    expect("by" in how).toBe("by" in expected || how.by !== undefined);
  });
});

test("the id of an event is the hash of its kind and its session, and never another", () => {
  expect(eventId("started", ID)).toBe("ZHI1sdtdXnBGAIBORjaEjgWMcA7K2Hi4xUt2rmOly3w");
  const ids = (["started", "ended", "contention"] as const).map((kind) => eventId(kind, ID));
  expect(new Set(ids).size).toBe(3);
});

describe("push lets", () => {
  const CHANNEL = "abcdefghijklmnopqrstuvwxyz234567";
  const OTHER = "bbcdefghijklmnopqrstuvwxyz234567";
  const ask = (authorizationToken: unknown, operation: string, channel?: unknown) =>
    authorizePush({ authorizationToken, requestContext: { operation, channel } });
  test.each<[string, boolean, unknown, string, unknown?]>([
    ["who knows a channel connect", true, CHANNEL, "EVENT_CONNECT", ""],
    ["who knows it subscribe to it", true, CHANNEL, "EVENT_SUBSCRIBE", `/sessions/${CHANNEL}`],
    ["nobody subscribe to another's", false, CHANNEL, "EVENT_SUBSCRIBE", `/sessions/${OTHER}`],
    ["nobody subscribe to all", false, CHANNEL, "EVENT_SUBSCRIBE", "/sessions/*"],
    ["nobody subscribe to everything", false, CHANNEL, "EVENT_SUBSCRIBE", "/*"],
    ["nobody subscribe below it", false, CHANNEL, "EVENT_SUBSCRIBE", `/sessions/${CHANNEL}/*`],
    ["nobody subscribe in another namespace", false, CHANNEL, "EVENT_SUBSCRIBE", `/default/${CHANNEL}`],
    ["nobody subscribe to nothing", false, CHANNEL, "EVENT_SUBSCRIBE", undefined],
    ["nobody publish", false, CHANNEL, "EVENT_PUBLISH", `/sessions/${CHANNEL}`],
    ["nobody do anything else", false, CHANNEL, "EVENT_DELETE", `/sessions/${CHANNEL}`],
    ["no wildcard be a token", false, "*", "EVENT_SUBSCRIBE", "/sessions/*"],
    ["nobody connect with another text", false, "Bearer x", "EVENT_CONNECT", ""],
    ["nobody connect in upper case", false, CHANNEL.toUpperCase(), "EVENT_CONNECT", ""],
    ["nobody connect without one", false, undefined, "EVENT_CONNECT", ""],
  ])("%s", (_name, isAuthorized, token, operation, channel) =>
    expect(ask(token, operation, channel)).toEqual({ isAuthorized, ttlOverride: 0 }),
  );
  test("nobody in who asks in a way that is not known", () => {
    expect(authorizePush({})).toEqual({ isAuthorized: false, ttlOverride: 0 });
  });
});

describe("delivering", () => {
  const WAITING = { sleep: () => Promise.resolve(), jitter: () => 0.5, stopwatch: () => 0 };
  const turnOf = (thing: string): string => thing.charAt(0);
  const calls: string[][] = [];
  const sends = (refuses: (thing: string, call: number) => boolean): Send<string> => {
    calls.length = 0;
    return (things) => {
      calls.push([...things]);
      return Promise.resolve(
        things.map((thing) => (refuses(thing, calls.length) ? { code: "No" } : undefined)),
      );
    };
  };

  test("nothing makes no call", async () => {
    expect(await deliver(WAITING, [], { send: sends(() => false), turnOf })).toEqual([]);
    expect(calls).toEqual([]);
  });

  test("many go ten a call, each once", async () => {
    const things = Array.from({ length: 25 }, (_, index) => `${index}`);
    await deliver(WAITING, things, { send: sends(() => false), turnOf: (thing) => thing });
    expect(calls.map(({ length }) => length)).toEqual([LARGEST_CALL, LARGEST_CALL, 5]);
    expect(calls.flat()).toEqual(things);
  });

  test("things of one turn go one after another, whatever is refused in between", async () => {
    const send = sends((thing, call) => (thing === "a1" && call < 3) || thing === "b1");
    const refused = await deliver(WAITING, ["a1", "b1", "a2", "c1", "b2"], { send, turnOf });
    expect(calls).toEqual([
      ["a1", "b1", "c1"],
      ["a1", "b1"],
      ["a1", "b1"],
      ["a2", "b2"],
    ]);
    expect(refused).toEqual([{ thing: "b1", refusal: { code: "No" } }]);
  });

  test("an answer that is too short is no yes for the rest, and what is thrown is one for none", async () => {
    const short: Send<string> = () => Promise.resolve([undefined]);
    expect(await deliver(WAITING, ["a", "b"], { send: short, turnOf })).toEqual([]);
    const none: Send<string> = () => Promise.resolve([]);
    expect(await deliver(WAITING, ["a"], { send: none, turnOf })).toMatchObject([
      { thing: "a", refusal: { code: "NoAnswer" } },
    ]);
    const error = new TypeError("broken");
    expect(await deliver(WAITING, ["a", "b"], { send: () => Promise.reject(error), turnOf })).toEqual([
      { thing: "a", refusal: { code: "TypeError", error } },
      { thing: "b", refusal: { code: "TypeError", error } },
    ]);
  });

  test("patience that ends refuses what is left, in the order given", async () => {
    let now = 0;
    const impatient = { ...WAITING, stopwatch: () => (now += 10_000) };
    const send = sends(() => true);
    const refused = await deliver(impatient, ["a1", "a2", "b1"], { send, turnOf });
    expect(refused.map(({ thing }) => thing)).toEqual(["a1", "a2", "b1"]);
    expect(refused[1]?.refusal).toEqual({ code: "OutOfPatience" });
  });
});
