import { describe, expect, test } from "vitest";
import { boundSessionId } from "../../../src/sessions/sign-in.ts";
import { ANN, meanwhile, recordingClient, removeByTtl, useLive, using } from "../../support/sign-ins.ts";
import { HOUR, liveAmong, logIn, loginRequest, MINUTE, SETTINGS } from "../../support/store.ts";
import { at, eachInOwnWorld, logInBy, revoke, SECOND, signIns, store, TWO, world } from "./each-world.ts";

/** The histories that simpler rules allow (docs/design/bound-sessions.md), by their numbers there. */

eachInOwnWorld();

const DENY = { limit: 1, atLimit: "deny" } as const;

describe("1: a sign-in makes one session ever, of either kind", () => {
  test("displaced after a login by id token, it is not admitted by its access token", async () => {
    const one = at("one");
    expect(await logInBy(one, { policy: TWO })).toMatchObject({ outcome: "logged-in" });
    await logIn(store, ANN);
    expect(await signIns.useSignIn(using(one, { policy: TWO }))).toEqual({ outcome: "unknown" });
  });

  test("displaced after its access token was used, it does not log in by id token, nor is told of sessions", async () => {
    const one = at("one");
    await useLive(signIns, one);
    await useLive(signIns, at("two"));
    const client = recordingClient(world.documents);
    const { store: counted } = world.another({ documents: client.documents });
    const request = loginRequest(ANN, { signIn: { signIn: one }, policy: { limit: 1, atLimit: "ask" } });
    expect(await counted.login(request)).toEqual({ outcome: "sign-in-spent" });
    expect(client.sent()).toEqual(["BatchGet"]);
  });

  test("used while a login by its id token is under way, one of the two makes the session", async () => {
    const one = at("one");
    const { store: slow } = world.another({
      documents: meanwhile(world.documents, "TransactWrite", () => useLive(signIns, one)),
    });
    const login = slow.login(loginRequest(ANN, { signIn: { signIn: one } }));
    expect(await login).toEqual({ outcome: "sign-in-spent" });
    expect(await useLive(signIns, one)).toMatchObject({ admitted: false });
  });
});

describe("2: a logout of a sign-in that was never admitted", () => {
  test("spends it: it is not admitted after the answer, by a call or by an id token", async () => {
    const one = at("one");
    expect(await signIns.logOutSignIn(using(one))).toEqual({ outcome: "spent" });
    expect(await signIns.useSignIn(using(one))).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out", sessionId: boundSessionId("1", one) },
    });
    expect(await logInBy(one)).toEqual({ outcome: "sign-in-spent" });
    expect(await signIns.logOutSignIn(using(one))).toEqual({ outcome: "not-live" });
  });

  test("while it is just being admitted ends its session, or keeps it from coming", async () => {
    const one = at("one");
    const late = world.another({
      documents: meanwhile(world.documents, "TransactWrite", () => signIns.logOutSignIn(using(one))),
    });
    expect(await late.signIns.useSignIn(using(one))).toMatchObject({ ending: { reason: "logged_out" } });

    const two = at("two");
    const hasty = world.another({
      documents: meanwhile(world.documents, "TransactWrite", () => useLive(signIns, two)),
    });
    expect(await hasty.signIns.logOutSignIn(using(two))).toMatchObject({
      outcome: "ended",
      sessionIds: [boundSessionId("1", two)],
    });
    expect(await signIns.useSignIn(using(two))).toMatchObject({ ending: { reason: "logged_out" } });
  });
});

test("4: calls in parallel from one fresh client are all answered yes, and one of them made the session", async () => {
  for (let round = 0; round < 20; round++) {
    const one = at(`fresh-${round}`);
    const uses = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        useLive(index % 2 === 0 ? signIns : world.another().signIns, one),
      ),
    );
    expect(uses.filter(({ admitted }) => admitted)).toHaveLength(1);
  }
});

describe("5 and 7: an administrators' logout beside an admission", () => {
  test("that comes between its reads and its commit keeps it out", async () => {
    const { signIns: slow } = world.another({
      documents: meanwhile(world.documents, "TransactWrite", () => revoke()),
    });
    expect(await slow.useSignIn(using(at("one")))).toMatchObject({
      outcome: "too-old",
      reason: "revoked",
      by: "admin",
      countsFrom: world.clock.now + 5 * SECOND,
    });
  });

  test.each(["Update", "TransactGet", "BatchWrite"])(
    "whose %s comes after it leaves no session, and lets none in",
    async (kind) => {
      await logIn(store, ANN);
      const one = at("one");
      const { store: slow } = world.another({
        documents: meanwhile(world.documents, kind, () => signIns.useSignIn(using(one, { policy: TWO }))),
      });
      expect(await revoke(slow)).toMatchObject({ unfinished: [] });
      expect((await signIns.useSignIn(using(one, { policy: TWO }))).outcome).not.toBe("live");
    },
  );

  test("writes the time before it looks, and waits for commits when it does", async () => {
    await useLive(signIns, at("one"));
    const client = recordingClient(world.documents);
    await revoke(world.another({ documents: client.documents }).store);
    expect(client.sent()).toEqual(["Update", "TransactGet", "BatchGet", "BatchWrite", "BatchWrite"]);
  });

  test("shuts out sign-ins from before it, also of a user without a session, and no later one", async () => {
    const one = at("one");
    expect(await revoke()).toMatchObject({ loggedOut: [{ userId: ANN, sessionCount: 0 }] });
    expect(await signIns.useSignIn(using(one))).toMatchObject({ outcome: "too-old", reason: "revoked" });
    expect(await logInBy(one)).toMatchObject({ outcome: "too-old", reason: "revoked" });
    world.clock.advance(5 * SECOND);
    await useLive(signIns, at("two"));
  });
});

test("6: a second administrators' logout by a slow clock does not lower the time", async () => {
  await revoke();
  const { store: slow } = world.another({ clock: () => world.clock.now - MINUTE });
  expect(await revoke(slow)).toMatchObject({ unfinished: [] });
  expect(await signIns.useSignIn(using(at("one", -4 * SECOND)))).toMatchObject({ reason: "revoked" });
});

test("8: an older sign-in that is admitted late does not shut the newest one out", async () => {
  await useLive(signIns, at("old", HOUR));
  const { displaced } = await useLive(signIns, at("new", HOUR - SECOND));
  expect(displaced).toHaveLength(1);
  expect(await signIns.useSignIn(using(at("older", HOUR + SECOND)))).toMatchObject({
    outcome: "too-old",
    reason: "displaced",
    by: "Chrome on Windows",
  });
});

test("9: under deny nothing is called displaced that nothing displaced", async () => {
  const { store: thisOnly } = world.another({ settings: { ...SETTINGS, logoutAllSessions: false } });
  const one = at("one", MINUTE);
  const { token } = await logIn(store, ANN, { policy: DENY });
  expect(await signIns.useSignIn(using(one, { policy: DENY }))).toMatchObject({ outcome: "session-limit" });
  await thisOnly.logout(token);
  await useLive(signIns, one, { policy: DENY });
});

describe("10 and 12: after all others were ended", () => {
  test("a sign-in from before is not admitted", async () => {
    const { token } = await logIn(store, ANN, { policy: TWO });
    await store.endOthers(token);
    expect(await signIns.useSignIn(using(at("one"), { policy: TWO }))).toMatchObject({
      outcome: "too-old",
      reason: "logged_out",
      countsFrom: world.clock.now + SECOND,
    });
  });

  test("one that is just being admitted at the limit is not, by the roster that it read anew", async () => {
    const { token } = await logIn(store, ANN, { policy: TWO });
    await logIn(store, ANN, { policy: TWO });
    for (const kind of ["TransactGet", "TransactWrite"]) {
      const { signIns: slow } = world.another({
        documents: meanwhile(world.documents, kind, () => store.endOthers(token)),
      });
      const outcome = await slow.useSignIn(using(at(`one-${kind}`), { policy: TWO }));
      expect(outcome).toMatchObject({ outcome: "too-old", reason: "logged_out" });
    }
    expect(await liveAmong(store, [token])).toEqual([0]);
  });
});

test("11: TTL does not take the time of a logout of all with the roster while it counts", async () => {
  const long = { ...SETTINGS, timeouts: { idle: "none", absolute: 30 * 24 * HOUR } } as const;
  const one = at("one", SECOND);
  const { token } = await logIn(store, ANN);
  await store.logout(token);
  for (const days of [1, 29]) {
    world.clock.advance(days * 24 * HOUR - MINUTE);
    await removeByTtl(world);
    const { signIns: patient } = world.another({ settings: long });
    const refused = await patient.useSignIn(using(one));
    expect(refused).toMatchObject({ outcome: "too-old", reason: "logged_out" });
  }
  world.clock.advance(2 * HOUR);
  await removeByTtl(world);
  expect(await world.another({ settings: long }).signIns.useSignIn(using(one))).toMatchObject({
    outcome: "expired",
  });
});
