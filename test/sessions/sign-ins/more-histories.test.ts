import type { BatchGetCommandOutput } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import type { DocumentClient } from "../../../src/dynamodb/document-client.ts";
import { boundSessionId } from "../../../src/sessions/sign-in.ts";
import {
  ANN,
  meanwhile,
  recordingClient,
  removeByTtl,
  signIn,
  useLive,
  using,
} from "../../support/sign-ins.ts";
import { HOUR, logIn, MINUTE, SETTINGS, user } from "../../support/store.ts";
import { at, eachInOwnWorld, logInBy, revoke, SECOND, signIns, store, TWO, world } from "./each-world.ts";

/** The histories that simpler rules allow (docs/design/bound-sessions.md), by their numbers there. */

eachInOwnWorld();

test("13: a mark outlives the timeout that was set when it was made", async () => {
  const one = at("one");
  await useLive(signIns, one, { policy: TWO });
  await store.endOne(one, boundSessionId("1", one));
  world.clock.advance(3 * 24 * HOUR);
  await removeByTtl(world);
  const long = { ...SETTINGS, timeouts: { idle: "none", absolute: 30 * 24 * HOUR } } as const;
  const { signIns: longer } = world.another({ settings: long });
  expect(await longer.useSignIn(using(one, { policy: TWO }))).toEqual({ outcome: "unknown" });
});

test("14: two users, or two sources, that share a session claim have sessions of their own", async () => {
  const one = at("shared");
  const others = [
    { ...one, userId: "pool:bob" },
    { ...one, userId: "other:ann" },
  ];
  const uses = await Promise.all([one, ...others].map((each) => useLive(signIns, each)));
  expect(new Set(uses.map(({ session }) => session.id)).size).toBe(3);
  expect(uses.map(({ session }) => session.user.id)).toEqual([ANN, "pool:bob", "other:ann"]);
});

describe("15: a provider whose session claim survives a re-authentication", () => {
  test.each([
    ["claim", { outcome: "ended", ending: { reason: "displaced" } }],
    ["claim+auth_time", { outcome: "live", admitted: true }],
  ] as const)("by %s: a displaced user who signed in again is %o", async (identifiedBy, expected) => {
    const one = signIn(world.clock, "sid", { identifiedBy });
    await useLive(signIns, one);
    world.clock.advance(MINUTE);
    await logIn(store, ANN);
    world.clock.advance(MINUTE);
    const again = signIn(world.clock, "sid", { identifiedBy });
    expect(await signIns.useSignIn(using(again))).toMatchObject(expected);
    expect(await signIns.useSignIn(using({ ...again, signedInAt: one.signedInAt }))).toMatchObject({
      outcome: "ended",
    });
  });
});

test("16: a revoke that leaves administrators alone keeps none of them out", async () => {
  await revoke(store, { signsOut: "others" });
  expect(await signIns.useSignIn(using(at("one")))).toMatchObject({ outcome: "too-old", reason: "revoked" });
  await useLive(signIns, at("one"), { user: user(ANN, { isAdmin: true }) });
  await revoke(store);
  const outcome = await signIns.useSignIn(using(at("two"), { user: user(ANN, { isAdmin: true }) }));
  expect(outcome).toMatchObject({ outcome: "too-old", reason: "revoked" });
});

describe("17: after a backup was restored", () => {
  test("a sign-in from before `admitFrom` is not admitted, by a call or by an id token", async () => {
    const admitFrom = world.clock.now;
    const one = at("one", SECOND);
    expect(await signIns.useSignIn(using(one, { admitFrom }))).toEqual({
      outcome: "expired",
      expiredAt: admitFrom,
    });
    const outcome = await logInBy(one, { signIn: { signIn: one, admitFrom } });
    expect(outcome).toMatchObject({ outcome: "expired" });
    await useLive(signIns, at("two"), { admitFrom });
  });

  test("and the era was changed, marks go on counting", async () => {
    await useLive(signIns, at("one"));
    const { signIns: next } = world.another({ settings: { ...SETTINGS, era: "2" } });
    expect(await next.useSignIn(using(at("one")))).toEqual({ outcome: "unknown" });
    await useLive(next, at("two"), { policy: TWO });
    expect(await signIns.useSignIn(using(at("two"), { policy: TWO }))).toEqual({ outcome: "unknown" });
  });
});

test("18: a login that presents its own live session is answered by it", async () => {
  const one = at("one");
  const { session } = await useLive(signIns, one);
  const again = await signIns.logInBySignIn(using(one, { presented: one }));
  expect(again).toMatchObject({
    outcome: "live",
    admitted: false,
    session: { createdAt: session.createdAt },
  });
  // Its idle session is not revived, and as the presented one of its own sign-in ends nothing.
  world.clock.advance(HOUR);
  expect(await signIns.logInBySignIn(using(one, { presented: one }))).toMatchObject({ outcome: "expired" });
});

test("19: of two calls of one sign-in in one millisecond, only the one that did it says what it displaced", async () => {
  const old = await useLive(signIns, at("old", MINUTE));
  const one = at("one");
  let winner: unknown;
  const { signIns: slow } = world.another({
    documents: meanwhile(world.documents, "TransactWrite", async () => {
      winner = await useLive(signIns, one);
    }),
  });
  expect(await slow.useSignIn(using(one))).toMatchObject({ admitted: false, displaced: [] });
  expect(winner).toMatchObject({ admitted: true, displaced: [{ id: old.session.id }] });
});

test("19: a call whose reads meet the commit of another call of its sign-in is answered by that one's session", async () => {
  const one = at("one");
  const { documents } = world;
  let hasMet = false;
  // The mark of before, and the roster of after.
  const torn: DocumentClient = {
    destroy: () => undefined,
    send: async (command) => {
      const before = await documents.send(command);
      if (hasMet || command.constructor.name !== "BatchGetCommand") return before;
      hasMet = true;
      await useLive(signIns, one);
      const { Responses: after = {} } = (await documents.send(command)) as BatchGetCommandOutput;
      const [roster] = (after[world.sessionsTable] ?? []).filter(({ pk }) => String(pk).startsWith("user#"));
      return { ...before, Responses: { [world.sessionsTable]: [roster] } };
    },
  };
  const outcome = await world.another({ documents: torn }).signIns.useSignIn(using(one));
  expect(outcome).toMatchObject({ outcome: "live", admitted: false, displaced: [] });
});

test("20: a sign-in of more than 30 seconds ahead is not admitted", async () => {
  await useLive(signIns, at("near", -30 * SECOND));
  expect(await signIns.useSignIn(using(at("far", -31 * SECOND)))).toMatchObject({ outcome: "expired" });
});

test("21: a spent sign-in that goes on asking costs no failed transaction", async () => {
  const one = at("one");
  await useLive(signIns, one);
  world.clock.advance(HOUR);
  await useLive(signIns, at("two"));
  const client = recordingClient(world.documents);
  const { signIns: counted } = world.another({ documents: client.documents });
  expect(await counted.useSignIn(using(one))).toEqual({ outcome: "unknown" });
  expect(client.sent()).toEqual(["Get", "BatchGet", "TransactGet"]);
});

describe("22 and 23: what never admits", () => {
  test("is the validation, whose answer for a sign-in without a session is unknown", async () => {
    const client = recordingClient(world.documents);
    const { signIns: counted } = world.another({ documents: client.documents });
    expect(await counted.validateSignIn(using(at("one")))).toEqual({ outcome: "unknown" });
    expect(client.sent()).toEqual(["Get", "BatchGet"]);
    await useLive(signIns, at("one"));
  });

  test("tells why a sign-in is refused", async () => {
    const [one, two] = [at("one"), at("two")];
    await useLive(signIns, one);
    await logIn(store, ANN);
    expect(await signIns.validateSignIn(using(one))).toMatchObject({ ending: { reason: "displaced" } });
    await revoke();
    expect(await signIns.validateSignIn(using(two))).toMatchObject({ reason: "revoked" });
  });
});

test("24: a spent sign-in stays spent whatever the clocks say", async () => {
  const one = at("one");
  await useLive(signIns, one, { policy: TWO });
  await store.endOne(one, boundSessionId("1", one));
  for (const hours of [-1, 1]) {
    const { signIns: wrong } = world.another({ clock: () => world.clock.now + hours * HOUR });
    const outcome = await wrong.useSignIn(using(one, { policy: TWO }));
    expect(outcome).toMatchObject({ outcome: "ended", ending: { reason: "logged_out" } });
  }
});
