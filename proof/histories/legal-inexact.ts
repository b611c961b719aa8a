import {
  adminLogout,
  dead,
  directory,
  live,
  login,
  logout,
  lostLogin,
  pair,
  deny,
  byPassword,
  LOST,
  UNKNOWN,
  type Case,
} from "./hand-made.ts";

/** Where calls overlap, answers are lost, or clocks differ: what a right system may answer then. */
export const INEXACT: readonly Case[] = [
  {
    name: "a bulk revoke that ends one session before and one after a login beside it",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 200, adminLogout()],
      [50, 60, dead("a", "revoked")],
      [70, 80, live("b")],
      [90, 100, login("c", pair)],
      [110, 120, dead("b", "revoked")],
      [210, 220, live("c")],
    ],
  },
  {
    name: "a login that counted what a revoke beside it ended before the login's commit",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 200, adminLogout()],
      [50, 150, login("c", { ...pair, displaced: ["b"] })],
      [60, 70, dead("a", "revoked")],
      [80, 90, live("b")],
      [210, 220, dead("b", "displaced")],
    ],
  },
  {
    name: "an ending overwritten by a revoke in the same instant",
    timed: [
      [0, 10, login("a")],
      [20, 100, adminLogout()],
      [30, 60, login("b", { displaced: ["a"] })],
      [65, 70, dead("a", "displaced")],
      [110, 120, dead("a", "revoked")],
    ],
  },
  {
    name: "a revoke whose count is off beside a login",
    timed: [
      [0, 10, login("a")],
      [20, 100, adminLogout({ answer: "done", count: 0 })],
      [20, 100, login("b", { displaced: ["a"] })],
    ],
  },
  {
    name: "a revoke without an answer that ended one of two",
    timed: [
      [0, 10, login("a", pair)],
      [20, 30, login("b", pair)],
      [40, 50, adminLogout(UNKNOWN), 90],
      [60, 70, dead("a", "revoked")],
      [100, 110, live("b")],
    ],
  },
  {
    name: "a login without an answer that took effect after its caller had gone",
    timed: [
      [0, 10, login("a")],
      [20, 30, lostLogin("b"), 100],
      [40, 50, live("a")],
      [60, 70, dead("a", "displaced")],
      [80, 90, login("c", { displaced: ["b"] })],
    ],
  },
  {
    name: "a login without an answer that never took effect",
    timed: [
      [0, 10, login("a")],
      [20, 30, lostLogin("b"), 100],
      [110, 120, live("a")],
      [130, 140, login("c", { displaced: ["a"] })],
    ],
  },
  {
    name: "a logout without an answer, either way",
    timed: [
      [0, 10, login("a", pair)],
      [0, 10, login("b", pair)],
      [20, 30, logout("a", false, LOST)],
      [40, 50, dead("a", "logged_out")],
      [60, 70, logout("b", false, UNKNOWN)],
      [80, 90, live("b")],
    ],
  },
  {
    name: "a session that two clocks judge differently near its expiry, and that a touch carries on",
    timed: [
      [0, 10, login("a", { idleExpiresAt: 1000 })],
      [900, 910, dead("a", "expired")],
      [1100, 1110, live("a", 2000)],
      [1500, 1510, live("a", 2000)],
    ],
    more: { skewMs: 200, timeouts: { idle: 900, absolute: 100_000 } },
  },
  {
    name: "a login that takes a session for expired drops it without an ending",
    timed: [
      [0, 10, login("a", { idleExpiresAt: 1000 })],
      [950, 960, login("b")],
      [970, 980, dead("a", "unknown")],
    ],
    more: { skewMs: 100 },
  },
  {
    name: "a user disabled and enabled at the same time as a login, which comes after both",
    timed: [
      [0, 50, directory("disable")],
      [0, 50, directory("enable")],
      [0, 50, login("a", byPassword("first"))],
      [60, 70, live("a")],
    ],
  },
  {
    name: "a session long past its absolute expiry, left over where TTL removed the roster first",
    timed: [
      [0, 10, login("a", { ...deny, expiresAt: 1000 })],
      [3_700_000, 3_700_010, login("b", deny)],
      [3_700_020, 3_700_030, dead("a", "expired")],
    ],
  },
  {
    name: "what TTL removed is unknown, ending and all",
    timed: [
      [0, 10, login("a", { expiresAt: 1000 })],
      [20, 30, login("b", { displaced: ["a"] })],
      [1100, 1110, dead("a", "unknown")],
    ],
    more: { skewMs: 100 },
  },
];
