import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WHOLE_AFTER_MS } from "../../src/sessions/seen-whole.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { testClient } from "../support/dynamodb.ts";
import {
  cancelled,
  startDynamoDbProxy,
  type DynamoDbProxy,
  type Fault,
  type PassingRequest,
} from "../support/dynamodb-proxy.ts";
import { ANN, createSignInWorld, signIn, useLive, using } from "../support/sign-ins.ts";
import { createTestStore, logIn } from "../support/store.ts";

let proxy: DynamoDbProxy;
beforeEach(async () => {
  proxy = await startDynamoDbProxy(testDatabaseEndpoint());
});
afterEach(() => proxy.stop());

/** As a transaction is seen that has deleted the session, and not yet put its ending. */
const hidesEndings = ({ operation, body }: PassingRequest): Fault | undefined => {
  const { pk } = (body["Key"] ?? {}) as { pk?: { S: string } };
  return operation === "GetItem" && pk?.S.startsWith("ended#") === true
    ? { fault: "rewrite-answer", rewrite: (answer) => ({ ...answer, Item: undefined }) }
    : undefined;
};
const CONFLICT = cancelled("TransactionConflict");
const patient = { documents: (endpoint: string) => testClient({ endpoint, tries: 1 }) };

describe("a session whose delete is visible and whose ending is not yet", () => {
  test("is not called unknown: the transaction that ends it is waited for", async () => {
    const { store: direct, another } = await createTestStore();
    const store = another({ documents: patient.documents(proxy.endpoint) });
    const { token } = await logIn(direct, "alice");
    await logIn(direct, "alice");
    let conflicts = 0;
    proxy.interfere((request) =>
      request.operation === "TransactGetItems" && conflicts++ < 3 ? CONFLICT : hidesEndings(request),
    );
    expect(await store.validate(token)).toMatchObject({ outcome: "ended", ending: { reason: "displaced" } });
    expect(conflicts).toBe(4);
  });

  test("nor is a bound one that a plain read found live", async () => {
    const world = await createSignInWorld();
    const one = signIn(world.clock, "one", {});
    await useLive(world.signIns, one);
    const { signIns } = world.another({ documents: patient.documents(proxy.endpoint) });
    let isEnded = false;
    proxy.interfere(async (request) => {
      if (request.operation === "TransactGetItems" && !isEnded) {
        isEnded = true;
        world.clock.advance(1);
        await logIn(world.store, ANN);
      }
      return hidesEndings(request);
    });
    expect(world.clock.now - one.signedInAt).toBeLessThan(WHOLE_AFTER_MS);
    const found = await signIns.validateSignIn(using(one));
    expect(isEnded).toBe(true);
    expect(found).toMatchObject({ outcome: "ended", ending: { reason: "displaced" } });
  });
});

test("a conflict that does not end is no answer: neither a yes nor a no", async () => {
  const { another } = await createTestStore();
  let elapsed = 0;
  const store = another({
    documents: patient.documents(proxy.endpoint),
    stopwatch: () => (elapsed += 500),
    sleep: () => sleep(0),
  });
  let met = 0;
  proxy.interfere(({ operation }) =>
    operation === "TransactGetItems" && met++ < 100 ? CONFLICT : undefined,
  );
  const unknown = store.validate(SessionToken.generate());
  await expect(unknown).rejects.toMatchObject({ name: "StoreUnavailableError", effect: "none" });
  expect(met).toBeLessThan(20);
});
