import { randomBytes } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isChannel, newChannel } from "../../src/sessions/channel.ts";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import { rosterKey, sessionKey } from "../../src/sessions/table.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import { startDynamoDbProxy, type DynamoDbProxy, type PassingRequest } from "../support/dynamodb-proxy.ts";
import { createSignInWorld, signIn, useLive } from "../support/sign-ins.ts";
import { createTestStore, logIn, SETTINGS, type TestStore } from "../support/store.ts";

const WITH_PUSH: SessionSettings = {
  ...SETTINGS,
  push: {
    url: "wss://realtime.example/event/realtime",
    host: "http.example",
    publishUrl: "https://http.example/event",
  },
};

describe("a new channel", () => {
  test.each([
    [0x00, "a".repeat(32)],
    [0xff, "7".repeat(32)],
    // "1" and "0" by turns: 10101 and 01010.
    [0xaa, "vk".repeat(16)],
  ])("of twenty bytes 0x%s is their base32", (byte, channel) => {
    expect(newChannel((size) => new Uint8Array(size).fill(byte))).toBe(channel);
  });

  test("has the shape, and all 160 random bits", () => {
    const channels = Array.from({ length: 1000 }, () => newChannel(randomBytes));
    expect(channels.filter((channel) => !isChannel(channel))).toEqual([]);
    expect(new Set(channels).size).toBe(1000);
    const bytes = randomBytes(20);
    const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
    const digits = Array.from(
      newChannel(() => bytes),
      (letter) => "abcdefghijklmnopqrstuvwxyz234567".indexOf(letter).toString(2).padStart(5, "0"),
    );
    expect(digits.join("")).toBe(bits);
  });

  test.each([
    "",
    "a".repeat(31),
    "a".repeat(33),
    "A".repeat(32),
    `${"a".repeat(31)}1`,
    `${"a".repeat(32)}\n`,
  ])("does not have the shape of %j", (text) => {
    expect(isChannel(text)).toBe(false);
  });
});

/** What the table has under the keys that begin so. */
async function itemsOf({ documents, tableName }: TestStore, prefix: string) {
  const { Items: items = [] } = await documents.send(new ScanCommand({ TableName: tableName }));
  return items.filter(({ pk }) => (pk as string).startsWith(prefix));
}

describe("where push is on", () => {
  test("each login's session has a channel of its own, and its roster and its ending have none", async () => {
    const at = await createTestStore({ settings: WITH_PUSH });
    const first = await logIn(at.store, "alice");
    const { session, token } = await logIn(at.store, "alice");
    expect(isChannel(session.channel ?? "")).toBe(true);
    expect(session.channel).not.toBe(first.session.channel);
    expect(await at.store.validate(token)).toEqual({ outcome: "live", session });
    expect(await itemsOf(at, sessionKey("").pk)).toMatchObject([{ channel: session.channel }]);
    const others = [...(await itemsOf(at, rosterKey("").pk)), ...(await itemsOf(at, "ended#"))];
    expect(others).toHaveLength(2);
    for (const { channel = "none" } of [first.session, session])
      expect(JSON.stringify(others)).not.toContain(channel);
  });

  test("a bound session has one from its admission on", async () => {
    const { another, clock, signIns } = await createSignInWorld({ settings: WITH_PUSH });
    const one = signIn(clock, "one", {});
    const { session } = await useLive(signIns, one);
    expect(isChannel(session.channel ?? "")).toBe(true);
    const again = await useLive(another({}).signIns, one);
    expect(again.session.channel).toBe(session.channel);
  });

  describe("a login that lost a turn", () => {
    let proxy: DynamoDbProxy;
    beforeAll(async () => {
      proxy = await startDynamoDbProxy(testDatabaseEndpoint());
    });
    afterAll(() => proxy.stop());

    test("keeps the channel through its attempts", async () => {
      const { store: direct, another } = await createTestStore({ settings: WITH_PUSH });
      const store = another({ documents: testClient({ endpoint: proxy.endpoint, tries: 1 }) });
      const seen: string[] = [];
      proxy.interfere(async (request) => {
        if (request.operation !== "TransactWriteItems") return undefined;
        seen.push(channelIn(request));
        if (seen.length === 1) await logIn(direct, "alice");
        return undefined;
      });
      const { session } = await logIn(store, "alice");
      expect(seen).toEqual([session.channel, session.channel]);
    });
  });
});

const channelIn = ({ body }: PassingRequest): string =>
  (body["TransactItems"] as { Put?: { Item?: { channel?: { S: string } } } }[]).flatMap(
    ({ Put: put }) => put?.Item?.channel?.S ?? [],
  )[0] ?? "none";

test("without push a session has no channel", async () => {
  const at = await createTestStore();
  const { session } = await logIn(at.store, "alice");
  expect(session).not.toHaveProperty("channel");
  expect((await itemsOf(at, sessionKey("").pk))[0]).not.toHaveProperty("channel");
});
