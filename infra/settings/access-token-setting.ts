import type { AccessTokenSettings } from "../../src/identity/oidc-settings.ts";
import type { AccessTokenOptions } from "./identity-sources.ts";
import { optional, toClaim, toText, toTexts } from "./oidc-setting-values.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";
import { fieldsOf } from "./setting-fields.ts";
import { asBoolean, toOneOf } from "./setting-values.ts";

/**
 * Claims of one token, of the user, the client or the provider. By the first a refreshed token would be a
 * sign-in of its own, and let a device that was displaced back in; by the others all sign-ins would be one.
 */
const NO_SIGN_IN_CLAIMS: readonly string[] = (
  "iss sub aud azp client_id exp iat nbf auth_time jti uti nonce at_hash event_id token_use scope oid " +
  "tid"
).split(" ");
/** The token's own times: `iat` is another one in each refreshed token. */
const TIMES_OF_THE_TOKEN: readonly string[] = ["exp", "iat", "nbf"];
const ACCEPTED_TIME_CLAIM =
  "a claim with the time of the sign-in in seconds, which refreshed tokens keep, such as auth_time";
const ACCEPTED_CLAIM =
  "a claim that is the same in every refreshed token and another one at each sign-in, such as sid";

/** RFC 3339 section 5.6, with a time zone: without one it would be the synth machine's. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const DAY_MS = 24 * 60 * 60_000;
const ACCEPTED_TIME =
  "an ISO 8601 time with its time zone, such as 2026-11-29T17:00:00Z, at most a day ahead (nobody is " +
  "admitted before it)";

/**
 * How the access tokens of a source are read; `undefined` where they are off.
 * @throws {@link SettingError} naming the field.
 */
export function readAccessTokens(given: GivenSetting): AccessTokenSettings | undefined {
  const isOn = asBoolean(given.value);
  if (isOn !== undefined) return isOn ? {} : undefined;
  const known = {
    sessionClaim: true,
    audience: true,
    admit: true,
    signIn: true,
    admitFrom: true,
    authTimeClaim: true,
  } as const;
  const fields = fieldsOf<AccessTokenOptions>(given, known, { also: "true, false or " });
  const sessionClaim = optional(
    (field) => toClaimBut(field, NO_SIGN_IN_CLAIMS, ACCEPTED_CLAIM),
    fields.sessionClaim,
  );
  const authTimeClaim = optional(
    (field) => toClaimBut(field, TIMES_OF_THE_TOKEN, ACCEPTED_TIME_CLAIM),
    fields.authTimeClaim,
  );
  const audience = optional(toAudiences, fields.audience);
  const admit = optional((field) => toOneOf(field, ["first-use", "login"] as const), fields.admit);
  const signIn = optional((field) => toOneOf(field, ["claim", "claim+auth_time"] as const), fields.signIn);
  const admitFrom = optional(toTime, fields.admitFrom);
  return {
    ...(sessionClaim !== undefined && { sessionClaim }),
    ...(authTimeClaim !== undefined && { authTimeClaim }),
    ...(audience && { audience }),
    ...(admit && { admit }),
    ...(signIn && { signIn }),
    ...(admitFrom !== undefined && { admitFrom }),
  };
}

function toClaimBut(given: GivenSetting, others: readonly string[], accepted: string): string {
  const claim = toClaim(given);
  if (!others.includes(claim)) return claim;
  throw SettingError.forValue(given, accepted);
}

const toAudiences = (given: GivenSetting): readonly string[] =>
  typeof given.value === "string" ? [toText(given)] : toTexts(given);

function toTime(given: GivenSetting): number {
  const { value } = given;
  const time = typeof value === "string" && TIME.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time) || time > Date.now() + DAY_MS) throw SettingError.forValue(given, ACCEPTED_TIME);
  return time;
}
