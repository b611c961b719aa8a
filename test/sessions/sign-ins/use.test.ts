import { beforeEach, describe, expect, test } from "vitest";
import type { SignInStore } from "../../../src/sessions/sign-in-store.ts";
import { boundSessionId } from "../../../src/sessions/sign-in.ts";
import {
  createSignInWorld,
  recordingClient,
  signIn,
  useLive,
  using,
  type SignInWorld,
} from "../../support/sign-ins.ts";
import { CHROME, FIREFOX, HOUR, logIn, MINUTE, SETTINGS, user } from "../../support/store.ts";

let world: SignInWorld;
let signIns: SignInStore;
beforeEach(async () => {
  world = await createSignInWorld();
  ({ signIns } = world);
});

const TWO = { limit: 2, atLimit: "displace" } as const;

describe("a sign-in that is used", () => {
  test("for the first time gets a session, which expires by its sign-in and is found again", async () => {
    const { clock } = world;
    const one = signIn(clock, "one", { agoMs: HOUR });
    const first = await useLive(signIns, one);
    expect(first).toMatchObject({ admitted: true, displaced: [] });
    expect(first.session).toMatchObject({
      id: boundSessionId(SETTINGS.era, one),
      user: { id: one.userId },
      identitySource: "pool",
      device: { label: CHROME.label },
      createdAt: clock.now,
      expiresAt: one.signedInAt + 12 * HOUR,
      idleExpiresAt: clock.now + 30 * MINUTE,
    });
    const again = await useLive(signIns, one);
    expect(again).toMatchObject({ admitted: false, displaced: [], session: { createdAt: clock.now } });
  });

  test("costs one request when it is live, two more when it is admitted", async () => {
    const client = recordingClient(world.documents);
    const { signIns: counted } = world.another({ documents: client.documents });
    const one = signIn(world.clock, "one");
    await useLive(counted, one);
    expect(client.sent()).toEqual(["Get", "BatchGet", "TransactWrite"]);
    await useLive(counted, one);
    expect(client.sent()).toEqual(["Get"]);
  });

  test("at a login costs two requests, and one when it is live", async () => {
    const client = recordingClient(world.documents);
    const { signIns: counted } = world.another({ documents: client.documents });
    const one = signIn(world.clock, "one");
    expect(await counted.logInBySignIn(using(one))).toMatchObject({ outcome: "live", admitted: true });
    expect(client.sent()).toEqual(["BatchGet", "TransactWrite"]);
    expect(await counted.logInBySignIn(using(one))).toMatchObject({ outcome: "live", admitted: false });
    expect(client.sent()).toEqual(["BatchGet"]);
  });

  test("on another instance, while it is young, is looked at whole once", async () => {
    const one = signIn(world.clock, "one");
    await useLive(signIns, signIn(world.clock, "old", { agoMs: MINUTE }));
    await useLive(signIns, one);
    const client = recordingClient(world.documents);
    const { signIns: counted } = world.another({ documents: client.documents });
    await useLive(counted, one);
    // Roster and session, and then the one that is leaving.
    expect(client.sent()).toEqual(["Get", "TransactGet", "TransactGet"]);
    await useLive(counted, one);
    expect(client.sent()).toEqual(["Get"]);
    world.clock.advance(MINUTE);
    const { signIns: fresh } = world.another({ documents: client.documents });
    await useLive(fresh, one);
    expect(client.sent()).toEqual(["Get"]);
  });

  test("displaces the session that the policy says, and the answer names it", async () => {
    const opaque = await logIn(world.store, "pool:ann", { device: FIREFOX });
    world.clock.advance(MINUTE);
    const { displaced, session } = await useLive(signIns, signIn(world.clock, "one"));
    expect(displaced).toMatchObject([{ id: opaque.session.id, device: { label: FIREFOX.label } }]);
    expect(await world.store.validate(opaque.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "displaced", displacedByDevice: CHROME.label },
    });
    const { items } = await world.store.listUser("pool:ann", { limit: 10 });
    expect(items.map(({ id }) => id)).toEqual([session.id]);
  });

  test("has the administrator and the permissions of the token at hand, not of its admission", async () => {
    const one = signIn(world.clock, "one");
    const admin = user(one.userId, { isAdmin: true, permissions: ["single_session.logout"] });
    await useLive(signIns, one, { user: admin });
    expect((await useLive(signIns, one)).session.user).toEqual(user(one.userId));
    expect((await useLive(world.another().signIns, one, { user: admin })).session.user).toEqual(admin);
  });

  test("records activity at intervals, never past its expiry, and not on a watch", async () => {
    const one = signIn(world.clock, "one", { agoMs: 11.8 * HOUR });
    await useLive(signIns, one);
    world.clock.advance(4 * MINUTE);
    const watch = { ...using(one), touch: false };
    expect(await signIns.validateSignIn(watch)).toMatchObject({
      session: { lastSeenAt: world.clock.now - 4 * MINUTE },
    });
    const expiresAt = one.signedInAt + 12 * HOUR;
    expect(await signIns.validateSignIn(using(one))).toMatchObject({
      outcome: "live",
      session: { lastSeenAt: world.clock.now, idleExpiresAt: expiresAt, expiresAt },
    });
    world.clock.advance(12 * MINUTE);
    expect(await signIns.useSignIn(using(one))).toEqual({ outcome: "expired", expiredAt: expiresAt });
  });

  test("by a user with as many sessions as allowed is refused without a write, under deny and ask", async () => {
    const client = recordingClient(world.documents);
    const { signIns: counted } = world.another({ documents: client.documents });
    for (const atLimit of ["deny", "ask"] as const) {
      const policy = { limit: 1, atLimit };
      const one = signIn(world.clock, `one-${atLimit}`, { userId: `pool:${atLimit}` });
      const two = { ...one, sessionClaim: "two" };
      const { session } = await useLive(counted, one, { policy });
      client.sent();
      expect(await counted.useSignIn(using(two, { policy }))).toMatchObject({
        outcome: "session-limit",
        sessions: [{ id: session.id }],
      });
      expect(client.sent()).toEqual(["Get", "BatchGet", "TransactGet"]);
    }
  });

  test("at a login under ask may take over, or name whom to end", async () => {
    const policy = { limit: 1, atLimit: "ask" } as const;
    const at = (claim: string) => signIn(world.clock, claim);
    const first = await useLive(signIns, at("one"), { policy });
    const end = [first.session.id];
    const second = await signIns.logInBySignIn(using(at("two"), { policy, end }));
    expect(second).toMatchObject({ admitted: true, displaced: [{ id: first.session.id }] });
    expect(await signIns.logInBySignIn(using(at("three"), { policy }))).toMatchObject({
      outcome: "session-limit",
    });
    const third = await signIns.logInBySignIn(using(at("three"), { policy, takeover: true }));
    expect(third).toMatchObject({ admitted: true, displaced: [{ id: boundSessionId("1", at("two")) }] });
  });

  test("at a login ends the other session that the client presents", async () => {
    const opaque = await logIn(world.store, "bob", { policy: TWO });
    const bound = signIn(world.clock, "bobs", { userId: "pool:bob" });
    await useLive(signIns, bound);
    await signIns.logInBySignIn(using(signIn(world.clock, "one"), { presented: opaque.token }));
    expect(await world.store.validate(opaque.token)).toMatchObject({ ending: { reason: "logged_out" } });
    await signIns.logInBySignIn(using(signIn(world.clock, "two"), { presented: bound }));
    expect(await signIns.useSignIn(using(bound))).toMatchObject({ ending: { reason: "logged_out" } });
  });

  test("ends nothing that an ordinary login presents it with but its session", async () => {
    const bound = signIn(world.clock, "one", { userId: "pool:bob" });
    await useLive(signIns, bound);
    const { token } = await logIn(world.store, "carol", { presented: bound });
    expect(await signIns.useSignIn(using(bound))).toMatchObject({
      outcome: "ended",
      ending: { reason: "logged_out" },
    });
    expect(await world.store.validate(token)).toMatchObject({ outcome: "live" });
  });

  test("lists, ends one and ends others by the bound session as by any other", async () => {
    const [one, two, three] = ["one", "two", "three"].map((claim) => signIn(world.clock, claim));
    const policy = { limit: 3, atLimit: "deny" } as const;
    for (const each of [one!, two!, three!]) await useLive(signIns, each, { policy });
    const { store } = world;
    expect(await store.endOne(one!, boundSessionId("1", two!))).toMatchObject({ outcome: "ended" });
    expect(await store.endOthers(one!)).toMatchObject({ sessionIds: [boundSessionId("1", three!)] });
    expect(await signIns.validateSignIn(using(one!))).toMatchObject({ outcome: "live" });
    for (const each of [two!, three!])
      expect(await signIns.useSignIn(using(each))).toMatchObject({ ending: { reason: "logged_out" } });
  });
});
