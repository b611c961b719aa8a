import { problem, type Problem } from "../src/http/problem.ts";
import { recentLoginProblem } from "../src/http/recent-login.ts";
import type { Session } from "../src/sessions/session.ts";

/** What a caller must be beside signed in. What is left out is not asked. */
export interface GuardRules {
  /**
   * A permission that the caller must have, or several of which any will do. Administrators have every
   * permission. Permissions are as they were at the login.
   */
  readonly permission?: string | readonly string[];
  /** Only administrators. */
  readonly administrator?: boolean;
  /** How old the caller's login may be: seconds, or text such as `15m`. */
  readonly reauthWithin?: number | `${number}${keyof typeof UNIT_MS}`;
  /** Whether the call is no activity: it keeps no idle timeout from passing, as `GET /session?watch=1`. */
  readonly watch?: boolean;
}

/** The rules, checked and in the terms of the code. */
export interface CheckedRules {
  /** Any of these; `undefined`: none is needed. */
  readonly permissions: readonly string[] | undefined;
  readonly administrator: boolean;
  /** Milliseconds. */
  readonly reauthWithin: number | "none";
  readonly touch: boolean;
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const RULES = [
  "permission",
  "administrator",
  "reauthWithin",
  "watch",
] as const satisfies (keyof GuardRules)[];

/**
 * @throws TypeError that names the first rule which cannot be right, its value and what is accepted. A rule
 * with a misspelled name would otherwise be none.
 */
export function checkRules(rules: GuardRules): CheckedRules {
  const stranger = Object.keys(rules).find((name) => !(RULES as readonly string[]).includes(name));
  if (stranger !== undefined)
    throw new TypeError(`The guard has no rule ${stranger}; accepted are ${RULES.join(", ")}.`);
  const { permission, administrator, reauthWithin, watch } = rules;
  for (const [name, value] of Object.entries({ administrator, watch }))
    if (value !== undefined && typeof value !== "boolean") throw mistake(name, value, "true or false");
  return {
    permissions: permission === undefined ? undefined : readPermissions(permission),
    administrator: administrator === true,
    reauthWithin: reauthWithin === undefined ? "none" : readAge(reauthWithin),
    touch: watch !== true,
  };
}

function readPermissions(value: unknown): readonly string[] {
  const permissions: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isText = (one: unknown): one is string => typeof one === "string" && one !== "";
  // Of an empty list nobody had any: a mistake that would look like everybody's missing permission.
  if (permissions.length > 0 && permissions.every(isText)) return permissions;
  throw mistake("permission", value, "a permission's name, or a list of some");
}

function readAge(value: unknown): number {
  const [, count, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(typeof value === "string" ? value : "") ?? [];
  const age =
    typeof value === "number" ? value * 1000 : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (Number.isSafeInteger(age) && age >= 1000) return age;
  throw mistake("reauthWithin", value, "a number of seconds, or text such as 45s, 15m, 12h or 30d");
}

const mistake = (name: string, value: unknown, accepted: string): TypeError =>
  new TypeError(`${name} of the guard is ${JSON.stringify(value)}; accepted is ${accepted}.`);

/** The 403 for a caller with a live session to whom a rule does not apply. @param now epoch milliseconds. */
export function ruleProblem(session: Session, rules: CheckedRules, now: number): Problem | undefined {
  const { user } = session;
  const { permissions, administrator, reauthWithin } = rules;
  if (administrator && !user.isAdmin)
    return problem("permission_required", {
      detail: "This call is for administrators.",
      permissions: [],
      administrator: true,
    });
  if (
    permissions !== undefined &&
    !user.isAdmin &&
    !permissions.some((one) => user.permissions.includes(one))
  )
    return problem("permission_required", {
      detail: `This call needs the permission ${permissions.join(" or ")}.`,
      permissions,
    });
  const stale = recentLoginProblem(session, "This call", { reauthWithin, now });
  return stale && { ...stale, headers: stepUpChallenge(Number(reauthWithin) / 1000) };
}

/**
 * The challenge of RFC 9470, section 3. The status is not its 401: the session is live, and at 401 a client
 * takes it for ended.
 */
const stepUpChallenge = (seconds: number) => ({
  "WWW-Authenticate":
    'Bearer error="insufficient_user_authentication", ' +
    `error_description="A more recent login is needed", max_age="${seconds}"`,
});
