import fc from "fast-check";
import { expect, test } from "vitest";
import { decideLogin } from "../../src/sessions/decide-login.ts";
import type { AtLimit, SessionPolicy } from "../../src/sessions/policy.ts";
import { entryOf } from "../../src/sessions/roster.ts";
import { DEVICE_CLASSES, isUnexpired, type DeviceId, type Session } from "../../src/sessions/session.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { createTestStore, liveAmong, loginRequest, type LoggedIn } from "../support/store.ts";

const AT_ONCE = 16;
const atLimits = fc.constantFrom<AtLimit>("displace", "deny", "ask");

test(`${AT_ONCE} logins at once never leave more than the limit, for any limit, behaviour and earlier sessions`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      atLimits,
      fc.integer({ min: 0, max: 6 }),
      fc.array(fc.boolean(), { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (limit, atLimit, earlier, takeovers) => {
        // Patience that does not end: how many may wait for their turns is not the question, nor how long.
        const { store } = await createTestStore({ clock: Date.now, stopwatch: () => 0 });
        const policy: SessionPolicy = { limit, atLimit };
        const answers = [];
        for (let i = 0; i < earlier; i++) answers.push(await store.login(loginRequest("alice", { policy })));
        answers.push(
          ...(await Promise.all(
            takeovers.map((takeover) => store.login(loginRequest("alice", { policy, takeover }))),
          )),
        );
        const loggedIn = answers.filter((answer): answer is LoggedIn => answer.outcome === "logged-in");
        const live = await liveAmong(
          store,
          loggedIn.map(({ token }) => token),
        );
        // Sixteen always fill the limit, whatever happens at it.
        expect(live).toHaveLength(limit);
        if (atLimit === "displace") expect(loggedIn).toHaveLength(answers.length);
        if (atLimit === "deny") expect(loggedIn).toHaveLength(limit);
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
}, 300_000);

const NOW = 1_000_000;
const sessions = fc
  .array(
    fc.record({
      createdAt: fc.integer({ min: 1, max: NOW }),
      lastSeenAt: fc.integer({ min: 1, max: NOW }),
      idleExpiresAt: fc.integer({ min: NOW - 50, max: NOW + 100 }),
      expiresAt: fc.integer({ min: NOW - 20, max: NOW + 200 }),
      era: fc.constantFrom("1", "1", "1", "0"),
      deviceClass: fc.constantFrom(...DEVICE_CLASSES),
      deviceId: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
      exists: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ deviceClass, deviceId, exists, ...times }, index) => {
      const session: Session = {
        id: `s${index}` as SessionId,
        user: { id: "alice", isAdmin: false, permissions: [] },
        identitySource: "trusted",
        device: {
          label: "x",
          class: deviceClass,
          ...(deviceId !== undefined && { id: deviceId as DeviceId }),
        },
        ...times,
      };
      return { session, exists };
    }),
  );

test("whatever the roster lists, a decision keeps the limits, spares whom it may, and drops only the dead", () => {
  fc.assert(
    fc.property(
      sessions,
      fc.integer({ min: 1, max: 4 }),
      atLimits,
      fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
      fc.boolean(),
      fc.array(fc.constantFrom("s0", "s1", "s2"), { maxLength: 2 }),
      (listed, limit, atLimit, mobile, takeover, end) => {
        const known = new Map(
          listed.filter(({ exists }) => exists).map(({ session }) => [session.id, session]),
        );
        const entries = listed.map(({ session }) => entryOf(session));
        const live = [...known.values()].filter(
          (session) => isUnexpired(session, NOW) && session.era === "1",
        );
        const decision = decideLogin({
          roster: { version: "v", entries, leaving: [], changedAt: 0, displacements: [] },
          sessions: known,
          dead: new Set(),
          presentedId: undefined,
          device: { class: "mobile", id: "a" as DeviceId },
          policy: { limit, atLimit, ...(mobile !== undefined && { perDeviceClass: { mobile } }) },
          takeover,
          end: end as SessionId[],
          era: "1",
          now: NOW,
        });
        if (decision.decision === "read-sessions") throw new Error("the sessions were read");
        if (decision.decision === "refuse") {
          expect(atLimit).not.toBe("displace");
          expect(atLimit === "ask" && takeover).toBe(false);
          expect(decision.sessions.every((session) => live.includes(session))).toBe(true);
          return;
        }
        if (decision.decision === "older") throw new Error("only an admission yields to newer sessions");
        const gone = new Set([...decision.displace, ...decision.logOut].map(({ id }) => id));
        const left = live.filter(({ id }) => !gone.has(id));
        expect(left.length + 1).toBeLessThanOrEqual(limit);
        if (mobile !== undefined) {
          expect(left.filter(({ device }) => device.class === "mobile").length + 1).toBeLessThanOrEqual(
            mobile,
          );
        }
        expect(decision.drop.some((id) => live.some((session) => session.id === id))).toBe(false);
        if (atLimit === "deny") expect(decision.displace).toEqual([]);
      },
    ),
    { numRuns: 2000 },
  );
});
