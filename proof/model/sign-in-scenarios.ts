import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Call, Operation } from "./call.ts";
import { HOUR_MS, SIGN_IN_USER as USER, type Scenario } from "./scenario.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

const ONE: SessionPolicy = { limit: 1, atLimit: "displace" };
const TWO: SessionPolicy = { limit: 2, atLimit: "displace" };
const DENY: SessionPolicy = { limit: 1, atLimit: "deny" };

type More = Partial<Omit<Operation, "call">> & { readonly policy?: SessionPolicy; readonly signIn?: string };

/** The use of a sign-in by its access token. */
const use = (signIn: string, { policy = ONE, ...more }: More = {}): Operation => ({
  name: `use ${signIn}`,
  call: { call: "use", user: USER, signIn, policy },
  ...more,
});
const login = (name: string, { policy = ONE, signIn, ...more }: More = {}): Operation => ({
  name,
  call: { call: "login", user: USER, policy, ...(signIn !== undefined && { signIn }) },
  ...more,
});
const named = (call: Call, more: More = {}): Operation => ({ name: call.call, call, ...more });
const REVOKE = named({ call: "revoke", user: USER });
const logoutSignIn = (signIn: string, more: More = {}): Operation =>
  named({ call: "logoutSignIn", user: USER, signIn }, more);
const logout = (session: string, more: More = {}): Operation => named({ call: "logout", session }, more);
const endOthers = (session: string): Operation => named({ call: "endOthers", session });
const again = (operation: Operation): Operation => ({ ...operation, name: `${operation.name} again` });
const before = (...operations: readonly (readonly [agoMs: number, operation: Operation])[]) =>
  operations.map(([agoMs, operation]) => ({ agoMs, operation }));

const THIS_ONLY = { logoutAllSessions: false };
const LONG = { timeouts: { idle: "none", absolute: 30 * DAY_MS } } as const;
const SLOW_MS = -20 * SECOND_MS;

/**
 * The scenarios of bound sessions, by the names of the rules (docs/design/bound-sessions.md). A transaction
 * is applied item by item in all of them, so each is its split variant, too.
 */
export const SIGN_IN_SCENARIOS: readonly Scenario[] = [
  {
    name: "P1, P3: two calls of one sign-in, one session live",
    signIns: { K: MINUTE_MS },
    before: before([5 * MINUTE_MS, login("old")]),
    atOnce: [use("K"), again(use("K"))],
  },
  {
    name: "P2: two calls of one sign-in, a fault",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [use("K"), again(use("K"))],
    faults: 1,
  },
  {
    name: "P4: two sign-ins, one used again",
    signIns: { K: 2 * MINUTE_MS, L: MINUTE_MS },
    before: before([MINUTE_MS / 2, use("K")]),
    atOnce: [use("L"), again(use("K"))],
  },
  {
    name: "P4: two sign-ins, one used again and again",
    signIns: { K: 2 * MINUTE_MS, L: MINUTE_MS },
    before: [],
    atOnce: [use("K"), use("L"), again(use("K"))],
  },
  {
    name: "P5: three sign-ins, limit 2",
    signIns: { K: 3 * MINUTE_MS, L: 2 * MINUTE_MS, M: MINUTE_MS },
    before: before([MINUTE_MS / 2, use("M", { policy: TWO })]),
    atOnce: [use("K", { policy: TWO }), use("L", { policy: TWO })],
  },
  {
    name: "P5: an older sign-in at a limit of 2",
    signIns: { K: 3 * MINUTE_MS, L: 2 * MINUTE_MS, M: MINUTE_MS },
    before: before([MINUTE_MS / 2, use("M", { policy: TWO })], [MINUTE_MS / 3, use("L", { policy: TWO })]),
    atOnce: [use("K", { policy: TWO })],
  },
  {
    name: "P6: an older sign-in admitted late, then the newest",
    signIns: { K: 2 * MINUTE_MS, L: MINUTE_MS },
    before: before([SECOND_MS, use("K")]),
    atOnce: [use("L"), again(use("K"))],
    neverTooOld: ["use L"],
  },
  {
    name: "P7: deny, a bound and an opaque session",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, login("old", { policy: DENY })]),
    atOnce: [use("K", { policy: DENY }), logout("old")],
    settings: THIS_ONLY,
    neverTooOld: ["use K"],
  },
  {
    name: "Q1, Q2: revoke beside an admission, nothing listed",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [REVOKE, use("K")],
  },
  {
    name: "Q1: revoke beside an admission, a fault",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [REVOKE, use("K")],
    faults: 1,
  },
  {
    name: "Q3: two revokes, the second clock slow",
    signIns: { K: 3 * SECOND_MS },
    before: before([SECOND_MS, REVOKE]),
    atOnce: [{ ...again(REVOKE), skewMs: SLOW_MS }, use("K")],
  },
  {
    name: "Q4: revoke and admission after a login",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, login("A", { policy: TWO })]),
    atOnce: [REVOKE, use("K", { policy: TWO })],
  },
  {
    name: "Q4: revoke, login, admission",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [REVOKE, login("A", { policy: TWO }), use("K", { policy: TWO })],
  },
  {
    name: "R1: logout of all beside an admission",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, login("old", { policy: TWO })]),
    atOnce: [logout("old"), use("K", { policy: TWO })],
  },
  {
    name: "R2: logout of a sign-in beside its use",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [logoutSignIn("K"), use("K")],
    settings: THIS_ONLY,
    faults: 1,
  },
  {
    name: "R2, R3: logout of a sign-in beside two uses of it",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [logoutSignIn("K"), use("K"), again(use("K"))],
    settings: THIS_ONLY,
  },
  {
    name: "R4: end others beside an admission at the limit",
    signIns: { K: MINUTE_MS },
    before: before(
      [MINUTE_MS / 2, login("old", { policy: TWO })],
      [MINUTE_MS / 3, login("older", { policy: TWO })],
    ),
    atOnce: [endOthers("old"), use("K", { policy: TWO })],
  },
  {
    name: "R4: end others, and then an admission",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, login("old", { policy: TWO })], [SECOND_MS, endOthers("old")]),
    atOnce: [use("K", { policy: TWO })],
  },
  {
    name: "R5: logout of all, the roster's TTL, an old sign-in",
    signIns: { K: 25 * DAY_MS },
    before: before([20 * DAY_MS, login("old", { policy: TWO })], [20 * DAY_MS - MINUTE_MS, logout("old")]),
    atOnce: [use("K", { policy: TWO, settings: LONG })],
  },
  {
    name: "S1: login by id token, and then the access token of the same sign-in",
    signIns: { K: MINUTE_MS },
    before: before(
      [MINUTE_MS / 2, login("A", { policy: TWO, signIn: "K" })],
      [MINUTE_MS / 3, logout("A", { settings: THIS_ONLY })],
    ),
    atOnce: [use("K", { policy: TWO }), login("B", { policy: TWO })],
  },
  {
    name: "S2: the access token, and then a login by id token of the same sign-in",
    signIns: { K: MINUTE_MS },
    before: before(
      [MINUTE_MS / 2, use("K", { policy: TWO })],
      [MINUTE_MS / 3, logoutSignIn("K", { settings: THIS_ONLY })],
    ),
    atOnce: [login("A", { policy: TWO, signIn: "K" }), login("B", { policy: TWO })],
  },
  {
    name: "S1, S2: both at once",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [login("A", { policy: TWO, signIn: "K" }), use("K", { policy: TWO })],
    faults: 1,
  },
  {
    name: "T1: one sign-in in two eras at once",
    signIns: { K: MINUTE_MS },
    before: [],
    atOnce: [use("K", { policy: TWO }), { ...again(use("K", { policy: TWO })), settings: { era: "2" } }],
  },
  {
    name: "T3: TTL at any time, clocks off",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, use("K")]),
    atOnce: [{ ...again(use("K")), skewMs: SLOW_MS }, login("B", { policy: TWO })],
    leapsMs: [12 * HOUR_MS],
  },
  {
    name: "V2: the absolute timeout lengthened",
    // So long ago that the ending is gone: while it is there, it would be the answer.
    signIns: { K: 61 * HOUR_MS },
    before: before(
      [61 * HOUR_MS - MINUTE_MS, use("K", { policy: TWO })],
      [60.9 * HOUR_MS, logoutSignIn("K", { settings: THIS_ONLY })],
    ),
    atOnce: [use("K", { policy: TWO, settings: LONG })],
  },
  {
    name: "U1: logout of all by a sign-in, with a fault",
    signIns: { K: MINUTE_MS, L: 2 * MINUTE_MS },
    before: before([MINUTE_MS / 2, use("K", { policy: TWO })]),
    atOnce: [logoutSignIn("K"), use("L", { policy: TWO })],
    faults: 1,
  },
  {
    name: "U2: a bound session against an opaque login",
    signIns: { K: MINUTE_MS },
    before: before([MINUTE_MS / 2, login("old")]),
    atOnce: [use("K"), login("A")],
  },
];
