import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Place } from "../../src/sessions/session.ts";
import type { Call, Operation } from "./call.ts";
import { HOUR_MS, type Scenario } from "./scenario.ts";
import { SIGN_IN_SCENARIOS } from "./sign-in-scenarios.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

const ONE: SessionPolicy = { limit: 1, atLimit: "displace" };
const TWO: SessionPolicy = { limit: 2, atLimit: "displace" };
const TWO_DENY: SessionPolicy = { limit: 2, atLimit: "deny" };
const TWO_ASK: SessionPolicy = { limit: 2, atLimit: "ask" };
const USER = "ann";
const PLACES = { places: true } as const;
const HOME: Place = { label: "Chrome on Windows", class: "desktop", network: "192.0.2.0/24" };
const AWAY: Place = { label: "Firefox on Linux", class: "desktop", network: "198.51.100.0/24" };

type LoginCall = Extract<Call, { call: "login" }>;

/** A login, whose name is also that of the session it gives. */
export function login(name: string, more: Partial<LoginCall> & { readonly skewMs?: number } = {}): Operation {
  const { skewMs = 0, ...call } = more;
  return { name, skewMs, call: { call: "login", user: USER, policy: ONE, ...call } };
}

/** Any other operation, named as what it is. */
export const operation = (call: Call, skewMs = 0): Operation => ({ name: call.call, skewMs, call });

/** What happened a minute ago, or so many milliseconds. */
export const earlier = (...operations: readonly Operation[]): Scenario["before"] =>
  after(MINUTE_MS, ...operations);

export const after = (agoMs: number, ...operations: readonly Operation[]): Scenario["before"] =>
  operations.map((one, index) => ({ agoMs: agoMs - index, operation: one }));

const REVOKE = operation({ call: "revoke", user: USER });
const DISABLE = operation({ call: "disable", user: USER });
const revokeOne = (target: string): Operation => operation({ call: "revokeOne", user: USER, target });
const logout = (session: string): Operation => operation({ call: "logout", session });
const touch = (session: string): Operation => operation({ call: "validate", session, touch: true });
const touchFrom = (place: Place, name = "touch"): Operation => ({
  name,
  settings: PLACES,
  call: { call: "validate", session: "old", touch: true, from: { ...place, by: "cookie" } },
});
const endOne = (session: string, target: string): Operation => operation({ call: "endOne", session, target });
const endOthers = (session: string): Operation => operation({ call: "endOthers", session });

const PASSWORD = "right";
const DIRECTORY = [
  {
    userName: USER,
    passwordHash: PASSWORD,
    isAdmin: false,
    permissions: [],
    disabled: false,
    credentialsVersion: "first",
    createdAt: 0,
    updatedAt: 0,
  },
];
const OLD = earlier(login("old"));
/** Two clients have used it by turns: one switch back more, and the touch says that it is suspected. */
const NEARLY_SUSPECTED: Scenario["before"] = [
  { agoMs: 90_000, operation: { ...login("old", { place: HOME }), settings: PLACES } },
  { agoMs: 60_000, operation: touchFrom(AWAY, "away") },
  { agoMs: 30_000, operation: touchFrom(HOME, "home") },
];
const OLD_TWO = earlier(login("old", { policy: TWO }), login("older", { policy: TWO }));
const FIVE_S = 5000;
/**
 * A session whose idle timeout is two seconds off: past by a clock five seconds fast, and not by the real
 * one.
 */
const ALMOST_EXPIRED = after(30 * MINUTE_MS - 2000, login("old"));

/**
 * The scenarios: two or three operations at once, each with all that may come between their requests. The
 * deep ones take minutes, and more memory.
 */
export const SCENARIOS: readonly Scenario[] = [
  { name: "two logins", before: OLD, atOnce: [login("A"), login("B")] },
  { name: "two first logins, one loses an answer", before: [], atOnce: [login("A"), login("B")], faults: 1 },
  { name: "two logins, two faults", before: OLD, atOnce: [login("A"), login("B")], faults: 2, deep: true },
  { name: "two logins, a fault", before: OLD, atOnce: [login("A"), login("B")], faults: 1 },
  { name: "three logins", before: [], atOnce: [login("A"), login("B"), login("C")], deep: true },
  {
    name: "three logins of a user with a session",
    before: OLD,
    atOnce: [login("A"), login("B"), login("C")],
    deep: true,
  },
  { name: "login and logout", before: OLD, atOnce: [login("A"), logout("old")], faults: 1 },
  {
    name: "login that presents its old session, and logout",
    before: OLD,
    atOnce: [login("A", { presented: "old" }), logout("old")],
  },
  {
    name: "login and logout of one session only",
    before: OLD_TWO,
    atOnce: [login("A", { policy: TWO }), logout("old")],
    settings: { logoutAllSessions: false },
  },
  {
    name: "login, logout and login",
    before: OLD,
    atOnce: [login("A"), logout("old"), login("B")],
    deep: true,
  },
  { name: "login and revoke", before: OLD, atOnce: [login("A"), REVOKE], faults: 1 },
  { name: "two logins and revoke", before: OLD, atOnce: [login("A"), login("B"), REVOKE], deep: true },
  { name: "login, logout and revoke", before: OLD, atOnce: [login("A"), logout("old"), REVOKE], deep: true },
  {
    name: "touch and logout",
    before: after(10 * MINUTE_MS, login("old")),
    atOnce: [touch("old"), logout("old")],
    faults: 1,
  },
  {
    name: "touch and login",
    before: after(10 * MINUTE_MS, login("old")),
    atOnce: [touch("old"), login("A")],
    faults: 1,
  },
  {
    name: "touch and revoke",
    before: after(10 * MINUTE_MS, login("old")),
    atOnce: [touch("old"), REVOKE],
    faults: 1,
  },
  {
    name: "touch that suspects, and logout",
    before: NEARLY_SUSPECTED,
    atOnce: [touchFrom(AWAY), logout("old")],
    faults: 1,
  },
  {
    name: "touch that suspects, and login",
    before: NEARLY_SUSPECTED,
    atOnce: [touchFrom(AWAY), login("A")],
    faults: 1,
  },
  {
    name: "touch that suspects, and revoke",
    before: NEARLY_SUSPECTED,
    atOnce: [touchFrom(AWAY), REVOKE],
    faults: 1,
  },
  {
    name: "two touches that suspect, and logout",
    before: NEARLY_SUSPECTED,
    atOnce: [touchFrom(AWAY), touchFrom(AWAY, "again"), logout("old")],
  },
  {
    name: "two touches and a logout",
    before: after(10 * MINUTE_MS, login("old")),
    atOnce: [touch("old"), { ...touch("old"), name: "again" }, logout("old")],
  },
  {
    name: "login by password and disable",
    before: OLD,
    directory: DIRECTORY,
    atOnce: [login("A", { password: PASSWORD }), DISABLE],
  },
  {
    name: "login by password and disable, a fault",
    before: OLD,
    directory: DIRECTORY,
    atOnce: [login("A", { password: PASSWORD }), DISABLE],
    faults: 1,
    deep: true,
  },
  {
    name: "two logins by one token for one sign-in",
    before: OLD,
    atOnce: [login("A", { tokenId: "one" }), login("B", { tokenId: "one" })],
    faults: 1,
  },
  {
    name: "endOne and login",
    before: OLD_TWO,
    atOnce: [endOne("old", "older"), login("A", { policy: TWO })],
  },
  {
    name: "endOne of each other",
    before: OLD_TWO,
    atOnce: [endOne("old", "older"), { ...endOne("older", "old"), name: "back" }],
  },
  {
    name: "endOthers of each other",
    before: OLD_TWO,
    atOnce: [endOthers("old"), { ...endOthers("older"), name: "back" }],
    faults: 1,
  },
  { name: "revokeOne and login", before: OLD, atOnce: [revokeOne("old"), login("A")], faults: 1 },
  {
    name: "revokeOne and login, limit 2",
    before: OLD_TWO,
    atOnce: [revokeOne("older"), login("A", { policy: TWO })],
  },
  { name: "revokeOne and logout", before: OLD_TWO, atOnce: [revokeOne("older"), logout("old")] },
  { name: "revokeOne and revoke", before: OLD_TWO, atOnce: [revokeOne("older"), REVOKE] },
  {
    name: "revokeOne and touch",
    before: after(10 * MINUTE_MS, login("old")),
    atOnce: [revokeOne("old"), touch("old")],
    faults: 1,
  },
  { name: "endOthers and login", before: OLD_TWO, atOnce: [endOthers("old"), login("A", { policy: TWO })] },
  { name: "endOthers and logout", before: OLD_TWO, atOnce: [endOthers("old"), logout("older")] },
  { name: "endOthers and revoke", before: OLD_TWO, atOnce: [endOthers("old"), REVOKE] },
  {
    name: "two logins, limit 2",
    before: OLD_TWO,
    atOnce: [login("A", { policy: TWO }), login("B", { policy: TWO })],
  },
  {
    name: "two logins, limit 2, refused at it",
    before: earlier(login("old", { policy: TWO_DENY })),
    atOnce: [login("A", { policy: TWO_DENY }), login("B", { policy: TWO_DENY })],
    faults: 1,
  },
  {
    name: "two logins, limit 2, ask at it",
    before: earlier(login("old", { policy: TWO_ASK })),
    atOnce: [login("A", { policy: TWO_ASK }), login("B", { policy: TWO_ASK, takeover: true })],
    faults: 1,
  },
  {
    name: "login at the limit of 2, and logout",
    before: OLD_TWO,
    atOnce: [login("A", { policy: TWO }), logout("old")],
  },
  {
    name: "three logins, limit 2",
    before: earlier(login("old", { policy: TWO })),
    atOnce: [login("A", { policy: TWO }), login("B", { policy: TWO }), login("C", { policy: TWO })],
    deep: true,
  },
  {
    name: "login by a clock that is ahead, and a session expired by it alone",
    before: ALMOST_EXPIRED,
    atOnce: [login("A", { skewMs: FIVE_S, policy: TWO }), login("B", { policy: TWO })],
  },
  {
    name: "logins by two clocks at the absolute expiry",
    before: after(12 * HOUR_MS - 2000, login("old", { policy: TWO })),
    settings: { timeouts: { idle: "none", absolute: 12 * HOUR_MS } },
    atOnce: [login("A", { skewMs: FIVE_S, policy: TWO }), login("B", { policy: TWO })],
    leapsMs: [3000],
  },
  {
    name: "logout by a clock that is ahead, and login",
    before: ALMOST_EXPIRED,
    atOnce: [operation({ call: "logout", session: "old" }, FIVE_S), login("A")],
  },
  {
    name: "revoke by a clock that is ahead, and touch by one that is behind",
    before: ALMOST_EXPIRED,
    atOnce: [
      operation({ call: "revoke", user: USER }, FIVE_S),
      operation({ call: "validate", session: "old", touch: true }, -FIVE_S),
    ],
  },
  {
    name: "two logins while everything expires and TTL removes it",
    before: OLD,
    atOnce: [login("A"), login("B")],
    // A roster goes when the time of its user's last sign-in cannot matter any more.
    leapsMs: [31 * DAY_MS],
  },
  {
    name: "login, logout and time that passes",
    before: OLD,
    atOnce: [login("A"), logout("old")],
    leapsMs: [14 * HOUR_MS],
  },
  ...SIGN_IN_SCENARIOS,
];
