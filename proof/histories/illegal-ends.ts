import {
  adminLogout,
  askLogin,
  dead,
  directory,
  endOne,
  live,
  login,
  logout,
  pair,
  deny,
  byPassword,
  byToken,
  REFUSED,
  type IllegalCase,
} from "./hand-made.ts";

/** What no right system answers about sessions that end: by logout, by administrators, by time. */
export const ILLEGAL_ENDS: readonly IllegalCase[] = [
  {
    invariant: "I5",
    name: "a racing logout that ends the winner",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b", { displaced: ["a"] })],
      [40, 50, logout("a")],
      [60, 70, dead("b", "logged_out")],
    ],
  },
  {
    invariant: "I5",
    name: "a session live after its logout",
    timed: [
      [0, 10, login("a")],
      [20, 30, logout("a")],
      [40, 50, live("a")],
    ],
  },
  {
    invariant: "I5",
    name: "another session live after a logout of all",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 50, logout("b")],
      [60, 70, live("a")],
    ],
  },
  {
    invariant: "I5",
    name: "a session live after an administrator's logout",
    timed: [
      [0, 10, login("a")],
      [20, 30, adminLogout()],
      [40, 50, live("a")],
    ],
  },
  {
    invariant: "I5",
    name: "a revoke that ends the later of two logins beside it and not the earlier",
    timed: [
      [0, 100, adminLogout()],
      [10, 20, login("a", pair)],
      [30, 40, login("b", pair)],
      [110, 120, dead("b", "revoked")],
      [110, 120, live("a")],
    ],
  },
  {
    invariant: "I5",
    name: "a revoke that counts none where one was live, and nothing else ran",
    timed: [
      [0, 10, login("a")],
      [20, 30, adminLogout({ answer: "done", count: 0 })],
    ],
  },
  {
    invariant: "I5",
    name: "an ending overwritten long after, by a revoke that never saw the session",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b", { displaced: ["a"] })],
      [35, 38, dead("a", "displaced")],
      [40, 50, adminLogout()],
      [60, 70, dead("a", "revoked")],
    ],
  },
  {
    invariant: "I4 or I5",
    name: "a disabled user who gets in",
    timed: [
      [0, 10, directory("disable")],
      [20, 30, login("a", byPassword("first"))],
    ],
  },
  {
    invariant: "I4 or I5",
    name: "an old password that lets in after the change",
    timed: [
      [0, 10, directory({ password: "second" })],
      [20, 30, login("a", byPassword("first"))],
    ],
  },
  {
    invariant: "I5",
    name: "a right password that is refused",
    timed: [[0, 10, REFUSED]],
  },
  {
    invariant: "I4 or I5",
    name: "a one-time token that lets in twice at once",
    timed: [
      [0, 50, login("a", byToken("t"))],
      [0, 50, login("b", byToken("t"))],
    ],
  },
  {
    invariant: "I1",
    name: "a session live long after its timeout",
    timed: [
      [0, 10, login("a", { idleExpiresAt: 1000 })],
      [1200, 1300, live("a", 2100)],
    ],
    more: { skewMs: 100, timeouts: { idle: 900, absolute: 100_000 } },
  },
  {
    invariant: "I1",
    name: "a session expired long before its timeout",
    timed: [
      [0, 10, login("a", { idleExpiresAt: 1000 })],
      [500, 510, dead("a", "expired")],
    ],
    more: { skewMs: 100 },
  },
  {
    invariant: "I1",
    name: "a session past its absolute expiry, left over by a login that had to drop it",
    timed: [
      [0, 10, login("a", { ...deny, expiresAt: 1000 })],
      [2000, 2010, login("b", deny)],
      [2020, 2030, dead("a", "expired")],
    ],
  },
  {
    invariant: "I1",
    name: "a live session gone without a reason",
    timed: [
      [0, 10, login("a")],
      [20, 30, dead("a", "unknown")],
    ],
  },
  {
    invariant: "I3",
    name: "a session that was gone and is live again",
    timed: [
      [0, 10, login("a", { idleExpiresAt: 1000 })],
      [950, 960, login("b")],
      [970, 980, dead("a", "unknown")],
      [985, 990, live("a", 1900)],
    ],
    more: { skewMs: 100 },
  },
  {
    invariant: "I1",
    name: "one of the user's own sessions not found where it is live",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 50, endOne("a", "b", { answer: "notFound" })],
    ],
  },
  {
    invariant: "I2",
    name: "a live session that its user's roster misses",
    timed: [
      [0, 10, login("a")],
      [20, 30, live("a")],
    ],
    more: { finalRosters: { alice: [] } },
  },
  {
    invariant: "I6",
    name: "an answer that no call may give",
    timed: [[0, 10, askLogin({ answer: "fault", status: 500, code: "internal" })]],
  },
];
