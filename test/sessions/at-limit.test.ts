import { describe, expect, test } from "vitest";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import {
  CHROME,
  createTestStore,
  FIREFOX,
  liveAmong,
  logIn,
  loginRequest,
  MINUTE,
  PHONE,
} from "../support/store.ts";

const onDevice = (name: string, device: Device = CHROME): Device => ({ ...device, id: name as DeviceId });

describe("asked at the limit", () => {
  const policy: SessionPolicy = { limit: 2, atLimit: "ask" };

  test("a login that names whom to end gets in, and ends those and no others", async () => {
    const { store } = await createTestStore();
    const [a, b] = [
      await logIn(store, "alice", { policy }),
      await logIn(store, "alice", { policy, device: FIREFOX }),
    ];
    expect(await store.login(loginRequest("alice", { policy }))).toEqual({
      outcome: "session-limit",
      sessions: [a.session, b.session],
    });
    const c = await logIn(store, "alice", { policy, end: [b.session.id] });
    expect(c.displaced.map(({ id }) => id)).toEqual([b.session.id]);
    expect(await liveAmong(store, [a.token, b.token, c.token])).toEqual([0, 2]);
    expect(await store.validate(b.token)).toMatchObject({
      outcome: "ended",
      ending: { reason: "displaced" },
    });
  });

  test("a login that takes over ends the least recently seen", async () => {
    const { store, clock } = await createTestStore();
    const [a, b] = [await logIn(store, "alice", { policy }), await logIn(store, "alice", { policy })];
    clock.advance(5 * MINUTE);
    await store.validate(a.token);
    const c = await logIn(store, "alice", { policy, takeover: true });
    expect(await liveAmong(store, [a.token, b.token, c.token])).toEqual([0, 2]);
  });

  test("naming a session that is gone, or somebody else's, does not get in", async () => {
    const { store } = await createTestStore();
    const bob = await logIn(store, "bob");
    const gone = await logIn(store, "alice", { policy });
    await store.endOne(gone.token, gone.session.id);
    const live = [await logIn(store, "alice", { policy }), await logIn(store, "alice", { policy })];
    const outcome = await store.login(
      loginRequest("alice", { policy, end: [gone.session.id, bob.session.id] }),
    );
    expect(outcome).toMatchObject({ outcome: "session-limit" });
    expect(
      await liveAmong(
        store,
        [...live, bob].map(({ token }) => token),
      ),
    ).toEqual([0, 1, 2]);
  });

  test("takeover below the limit ends nobody", async () => {
    const { store } = await createTestStore();
    const a = await logIn(store, "alice", { policy });
    const b = await logIn(store, "alice", { policy, takeover: true });
    expect(b.displaced).toEqual([]);
    expect(await liveAmong(store, [a.token, b.token])).toEqual([0, 1]);
  });
});

test("a policy that denies is not got round by naming whom to end, nor by taking over", async () => {
  const { store } = await createTestStore();
  const policy: SessionPolicy = { limit: 1, atLimit: "deny" };
  const a = await logIn(store, "alice", { policy });
  const request = loginRequest("alice", { policy, takeover: true, end: [a.session.id] });
  expect(await store.login(request)).toMatchObject({ outcome: "session-limit" });
  expect(await liveAmong(store, [a.token])).toEqual([0]);
});

describe.each(["displace", "deny", "ask"] as const)(
  "a login from a device that has a session, under %s",
  (atLimit) => {
    test("replaces that session at once, which ends as logged out", async () => {
      const { store } = await createTestStore();
      const policy: SessionPolicy = { limit: 1, atLimit };
      const first = await logIn(store, "alice", { policy, device: onDevice("laptop") });
      const second = await logIn(store, "alice", { policy, device: onDevice("laptop") });
      expect(second.displaced).toEqual([]);
      expect(await liveAmong(store, [first.token, second.token])).toEqual([1]);
      expect(await store.validate(first.token)).toMatchObject({
        outcome: "ended",
        ending: { reason: "logged_out" },
      });
    });

    test("leaves other users' sessions on that device alone", async () => {
      const { store } = await createTestStore();
      const policy: SessionPolicy = { limit: 1, atLimit };
      const alice = await logIn(store, "alice", { policy, device: onDevice("shared") });
      const bob = await logIn(store, "bob", { policy, device: onDevice("shared") });
      expect(await liveAmong(store, [alice.token, bob.token])).toEqual([0, 1]);
    });
  },
);

describe("with a limit for each class of device", () => {
  const policy: SessionPolicy = { limit: 2, atLimit: "displace", perDeviceClass: { mobile: 1, desktop: 1 } };

  test("one phone and one browser live side by side, and each displaces its like", async () => {
    const { store } = await createTestStore();
    const desktop = await logIn(store, "alice", { policy, device: CHROME });
    const phone = await logIn(store, "alice", { policy, device: PHONE });
    expect(phone.displaced).toEqual([]);
    const second = await logIn(store, "alice", { policy, device: FIREFOX });
    expect(second.displaced.map(({ id }) => id)).toEqual([desktop.session.id]);
    const tokens = [desktop, phone, second].map(({ token }) => token);
    expect(await liveAmong(store, tokens)).toEqual([1, 2]);
  });

  test("the whole limit holds beside the classes' own", async () => {
    const { store } = await createTestStore();
    const tight: SessionPolicy = { limit: 2, atLimit: "displace", perDeviceClass: { mobile: 2, desktop: 2 } };
    const logins = [];
    for (const device of [CHROME, PHONE, PHONE, CHROME]) {
      logins.push(await logIn(store, "alice", { policy: tight, device }));
    }
    expect(
      await liveAmong(
        store,
        logins.map(({ token }) => token),
      ),
    ).toHaveLength(2);
  });

  test("deny refuses the second of a class and lets the other class in", async () => {
    const { store } = await createTestStore();
    const deny: SessionPolicy = { ...policy, atLimit: "deny" };
    await logIn(store, "alice", { policy: deny, device: CHROME });
    expect(await store.login(loginRequest("alice", { policy: deny, device: FIREFOX }))).toMatchObject({
      outcome: "session-limit",
    });
    await logIn(store, "alice", { policy: deny, device: PHONE });
  });
});
