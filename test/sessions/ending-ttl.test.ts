import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { ENDING_KEPT_MS } from "../../src/sessions/items.ts";
import { boundSessionId } from "../../src/sessions/sign-in.ts";
import { endingKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { ANN, createSignInWorld, signIn, using } from "../support/sign-ins.ts";
import { createTestStore, HOUR, logIn, SETTINGS, type LoggedIn, type TestStore } from "../support/store.ts";

const spare = (): Promise<boolean> => Promise.resolve(false);

/** Each way to write an ending. */
const WAYS: readonly [string, (at: TestStore, session: LoggedIn) => Promise<unknown>][] = [
  ["displaced", ({ store }) => logIn(store, "alice")],
  ["logged out", ({ store }, { token }) => store.logout(token)],
  ["revoked", ({ store }) => store.revoke({ userIds: ["alice"], revokedBy: "admin" })],
  [
    "revoked alone",
    ({ store }, { session }) => store.revokeOne({ sessionId: session.id, revokedBy: "admin", spare }),
  ],
];

async function ttlOfEnding(
  { documents, tableName }: Pick<TestStore, "documents" | "tableName">,
  id: SessionId,
) {
  const { Item: item } = await documents.send(new GetCommand({ TableName: tableName, Key: endingKey(id) }));
  return (item?.["ttl"] as number) * 1000;
}

describe("an ending of a session that was", () => {
  test.each(WAYS)("%s is kept for 48 hours, though the session had twelve", async (_, end) => {
    const at = await createTestStore();
    const one = await logIn(at.store, "alice");
    at.clock.advance(HOUR / 4);
    await end(at, one);
    expect(await ttlOfEnding(at, one.session.id)).toBe(at.clock.now + ENDING_KEPT_MS);
  });

  test.each(WAYS)("%s is kept as long as the session could have lived", async (_, end) => {
    const settings = { ...SETTINGS, timeouts: { idle: "none", absolute: 30 * 24 * HOUR } } as const;
    const at = await createTestStore({ settings });
    const one = await logIn(at.store, "alice");
    at.clock.advance(HOUR);
    await end(at, one);
    expect(await ttlOfEnding(at, one.session.id)).toBe(one.session.expiresAt);
  });
});

test("the ending of a sign-in that was logged out before it had a session is kept as long", async () => {
  const { clock, documents, sessionsTable, signIns } = await createSignInWorld();
  const one = signIn(clock, "one", {});
  expect(one.userId).toBe(ANN);
  await signIns.logOutSignIn(using(one));
  const ttl = await ttlOfEnding({ documents, tableName: sessionsTable }, boundSessionId("1", one));
  expect(ttl).toBe(clock.now + ENDING_KEPT_MS);
});
