import {
  askLogin,
  dead,
  directory,
  endOne,
  endOthers,
  live,
  login,
  logout,
  deny,
  ask,
  byPassword,
  byToken,
  REFUSED,
  limitOf,
  type Case,
} from "./hand-made.ts";
import { INEXACT } from "./legal-inexact.ts";

/**
 * What a right system may answer: an example of each behaviour, and of each inexactness that the design
 * allows.
 */
export const LEGAL: readonly Case[] = [
  {
    name: "a login that displaced the one before, which is dead from then on",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b", { displaced: ["a"] })],
      [40, 50, dead("a", "displaced")],
      [40, 50, live("b")],
    ],
  },
  {
    name: "the displaced one still live while the login is under way",
    timed: [
      [0, 10, login("a")],
      [20, 60, login("b", { displaced: ["a"] })],
      [30, 40, live("a")],
      [45, 50, dead("a", "displaced")],
      [52, 55, live("b")],
    ],
  },
  {
    name: "two logins at once, in the order that their lists tell",
    timed: [
      [0, 50, login("a", { displaced: ["b"] })],
      [0, 50, login("b")],
      [60, 70, live("a")],
    ],
  },
  {
    name: "deny and ask that answer the live sessions, and change nothing",
    timed: [
      [0, 10, login("a", ask)],
      [20, 30, login("b", ask)],
      [40, 50, askLogin(limitOf("a", "b"), ask)],
      [60, 70, askLogin(limitOf("b", "a"), { limit: 2, atLimit: "deny" })],
      [80, 90, live("a")],
      [80, 90, live("b")],
    ],
  },
  {
    name: "ask with takeover, and ask that names whom to end",
    timed: [
      [0, 10, login("a", ask)],
      [20, 30, login("b", ask)],
      [40, 50, login("c", { ...ask, displaced: ["b"], call: { end: ["b"] } })],
      [60, 70, login("d", { ...ask, displaced: ["a"], call: { takeover: true } })],
    ],
  },
  {
    name: "the presented session logged out, and not counted",
    timed: [
      [0, 10, login("a", deny)],
      [20, 30, login("b", { ...deny, call: { presented: "a" } })],
      [40, 50, dead("a", "logged_out")],
    ],
  },
  {
    name: "another user's session presented: it ends, and that user's roster does not matter",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("z", { userId: "bob", call: { presented: "a" } })],
      [40, 50, dead("a", "logged_out")],
      [60, 70, login("b")],
    ],
  },
  {
    name: "a logout with a token that lost the race leaves the winner alone",
    timed: [
      [0, 10, login("a")],
      [20, 30, login("b", { displaced: ["a"] })],
      [40, 50, logout("a")],
      [60, 70, live("b")],
    ],
  },
  {
    name: "a logout of all, and one of one's own, and of the others",
    timed: [
      [0, 10, login("a", { limit: 3 })],
      [20, 30, login("b", { limit: 3 })],
      [40, 50, login("c", { limit: 3 })],
      [60, 70, endOne("a", "b")],
      [80, 90, endOne("a", "b", { answer: "notFound" })],
      [100, 110, endOthers("a", { answer: "done", count: 1 })],
      [120, 130, live("a")],
      [140, 150, logout("a")],
      [160, 170, dead("a", "logged_out")],
    ],
  },
  {
    name: "a disabled user refused, and let in again once enabled",
    timed: [
      [0, 10, login("a", byPassword("first"))],
      [20, 30, directory("disable", { answer: "done", count: 1 })],
      [40, 50, REFUSED],
      [60, 70, dead("a", "revoked")],
      [80, 90, directory("enable")],
      [100, 110, login("b", byPassword("first"))],
    ],
  },
  {
    name: "a login with the old password before, and refused beside, the change",
    timed: [
      [0, 10, login("a", byPassword("first"))],
      [20, 60, directory({ password: "second" })],
      [20, 60, REFUSED],
      [20, 60, login("b", { ...byPassword("first"), displaced: ["a"] })],
      [70, 80, dead("b", "revoked")],
      [90, 100, login("c", byPassword("second"))],
    ],
  },
  {
    name: "a one-time token used twice at once lets in once",
    timed: [
      [0, 50, login("a", byToken("t"))],
      [0, 50, askLogin({ answer: "refused" }, byToken("t"))],
    ],
  },
  ...INEXACT,
];
