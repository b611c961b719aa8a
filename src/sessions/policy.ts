import { DEVICE_CLASSES, type DeviceClass, type User } from "./session.ts";

/**
 * "No limit" is this many: more would not fit one DynamoDB transaction (100 actions) with all that a commit
 * may do.
 */
export const HIGHEST_LIMIT = 30;

/** What happens to a login of a user who is at the limit. */
export const AT_LIMIT = ["displace", "deny", "ask"] as const;
export type AtLimit = (typeof AT_LIMIT)[number];

/** How many sessions a user may have, and what happens at the limit. */
export interface SessionPolicy {
  /** 1 to 30. */
  readonly limit: number;
  readonly atLimit: AtLimit;
  /** Limits of each device class on its own, beside `limit`. */
  readonly perDeviceClass?: Readonly<Partial<Record<DeviceClass, number>>>;
}

/** The user as a policy function sees it; `claims` are what the identity source said beyond the rest. */
export type PolicyUser = User & { readonly claims: Readonly<Record<string, unknown>> };

/** What a policy function may answer: `true` is one session, `false` no limit. */
export type SessionPolicyAnswer =
  boolean | { limit: number; atLimit: AtLimit; perDeviceClass?: Partial<Record<DeviceClass, number>> };

/** The type of the function that `singleUserSession: "./file.ts#export"` names. */
export type SessionPolicyFunction = (user: PolicyUser) => SessionPolicyAnswer | Promise<SessionPolicyAnswer>;

/** `singleUserSession: true`, the default. */
export const ONE_SESSION: SessionPolicy = { limit: 1, atLimit: "displace" };
/** `singleUserSession: false`. */
export const NO_LIMIT: SessionPolicy = { limit: HIGHEST_LIMIT, atLimit: "displace" };

/** Whether a login at the limit ends sessions by itself. `takeover`: the person asked for it. */
export const mayDisplace = ({ atLimit }: SessionPolicy, takeover: boolean): boolean =>
  atLimit === "displace" || (atLimit === "ask" && takeover);

/** A policy that says nothing usable. It refuses the login: a broken rule must not let anybody through. */
export class InvalidSessionPolicyError extends Error {
  override readonly name = "InvalidSessionPolicyError";
}

const show = (value: unknown): string => JSON.stringify(value);

/**
 * The policy that a setting or a policy function's answer means.
 * @throws {@link InvalidSessionPolicyError} naming the field, the value and what is accepted.
 */
export function toSessionPolicy(answer: unknown): SessionPolicy {
  if (answer === true) return ONE_SESSION;
  if (answer === false) return NO_LIMIT;
  if (typeof answer !== "object" || answer === null) {
    throw new InvalidSessionPolicyError(
      `a session policy is true, false or {limit, atLimit}, not ${show(answer)}`,
    );
  }
  const { limit, atLimit, perDeviceClass, ...others } = answer as Record<string, unknown>;
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw new InvalidSessionPolicyError(
      `a session policy has limit, atLimit and perDeviceClass, not ${unknown.join(", ")}`,
    );
  }
  requireLimit("limit", limit);
  if (!AT_LIMIT.includes(atLimit as AtLimit)) {
    throw new InvalidSessionPolicyError(`atLimit is one of ${AT_LIMIT.join(", ")}, not ${show(atLimit)}`);
  }
  return {
    limit: limit as number,
    atLimit: atLimit as AtLimit,
    ...(perDeviceClass !== undefined && { perDeviceClass: toClassLimits(perDeviceClass) }),
  };
}

function toClassLimits(limits: unknown): Partial<Record<DeviceClass, number>> {
  const classes = DEVICE_CLASSES.join(" and ");
  if (typeof limits !== "object" || limits === null || Array.isArray(limits)) {
    throw new InvalidSessionPolicyError(
      `perDeviceClass has limits for ${classes}, and is not ${show(limits)}`,
    );
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (!DEVICE_CLASSES.includes(name as DeviceClass)) {
      throw new InvalidSessionPolicyError(`perDeviceClass has limits for ${classes}, not for ${show(name)}`);
    }
    requireLimit(`perDeviceClass.${name}`, limit);
  }
  return { ...limits };
}

function requireLimit(name: string, limit: unknown): void {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > HIGHEST_LIMIT) {
    throw new InvalidSessionPolicyError(
      `${name} is a whole number from 1 to ${HIGHEST_LIMIT}, not ${show(limit)}`,
    );
  }
}
