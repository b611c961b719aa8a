import { SettingError, type GivenSetting } from "./setting-error.ts";
import { toList } from "./setting-values.ts";

/**
 * Identity sources that are on. A trusted invocation of the login function needs none: IAM vouches for it.
 */
export interface IdentitySetting {
  /** The built-in password directory, with a table of its own. */
  readonly passwords: boolean;
}

/**
 * One identity source, as the `identity` setting names it. OIDC and Cognito sources become further members.
 */
export type IdentitySource = "passwords";

const ACCEPTED =
  '"passwords", or a list of identity sources, of which there is "passwords" ' +
  "(an empty list leaves direct invocations of the login function as the only way in)";

/**
 * The identity sources that the `identity` setting turns on; the password directory where it is not given.
 * @throws {@link SettingError}
 */
export function readIdentity(given: GivenSetting | undefined): IdentitySetting {
  if (!given) return { passwords: true };
  const sources = toList(given, ACCEPTED);
  if (sources.some((source) => source !== "passwords")) throw SettingError.forValue(given, ACCEPTED);
  return { passwords: sources.length > 0 };
}
