import { Fn } from "aws-cdk-lib";
import { VALIDATION_LOGS, type FunctionSettings } from "../../src/runtime/function-settings.ts";
import { ACCEPTED_ALLOWED_ORIGIN, toAllowedOrigin } from "./allowed-origins.ts";
import { isDeployTime, isWhollyDeployTime } from "../deploy-time.ts";
import { readEvents, type EventsSetting } from "./events-setting.ts";
import { readIdentity, type IdentitySetting } from "./identity-setting.ts";
import { provePolicyFunction, type PolicyModule } from "./policy-module.ts";
import { isPolicyModule, readPolicy, type PolicyEnvironment } from "./policy-setting.ts";
import { SettingError } from "./setting-error.ts";
import { givenIn, SETTINGS, type GivenSettings } from "./setting-sources.ts";
import { toBaseUrl, toBoolean, toList, toMilliseconds, toOneOf } from "./setting-values.ts";
import { readTimeouts } from "./timeout-setting.ts";

const DEFAULT_REAUTH_MS = 15 * 60_000;
const DEFAULT_ERA = "1";
const ERA_SHAPE = /^[\x21-\x7e]{1,64}$/;
const ACCEPTED_ERA = 'text of 1 to 64 printable ASCII characters without spaces, such as "2"';

/** All settings of design section 5, read and checked. */
export interface Settings {
  /** What the functions are told. */
  readonly functions: FunctionSettings;
  /** For an API's CORS. */
  readonly allowedOrigins: readonly string[];
  readonly identity: IdentitySetting;
  /** The text on the button of each OIDC source, by its name. */
  readonly sourceLabels?: ReadonlyMap<string, string>;
  /** Absent where sessions tell nothing of what happens to them. */
  readonly events?: EventsSetting;
  /** Whether lists of any length can be logged out. */
  readonly jobs: boolean;
  /** Whether the users table stays without the password directory; absent where it is not set. */
  readonly keepUsersTable?: boolean;
  /**
   * The module that the login function's bundle gets as `#session-policy`, where a policy function is set.
   */
  readonly policyModule?: PolicyModule;
}

/**
 * Reads and checks the settings among the props of {@link SingleSession}, and looks nowhere else.
 * @throws {@link SettingError} for the first value that cannot be right.
 */
export function readSettings(
  props: object,
  machine: PolicyEnvironment = { folder: process.cwd(), prove: provePolicyFunction },
): Settings {
  const settings = givenIn(props);
  const { logoutAllSessions: logoutAll, publicOrigin, onlyThroughCdn, keepUsersTable } = settings;
  const policy = readPolicy(settings, machine);
  const { labels: sourceLabels, ...identity } = readIdentity(settings.identity);
  const origins = readAllowedOrigins(settings);
  const events = readEvents(settings.events);
  return {
    functions: {
      era: readEra(settings),
      timeouts: readTimeouts(settings),
      reauthWithin: readReauthWithin(settings),
      logoutAllSessions: logoutAll ? toBoolean(logoutAll) : true,
      policy: isPolicyModule(policy) ? { policyExport: policy.exportName } : policy,
      allowedOrigins: origins.told,
      ...(publicOrigin && { publicOrigin: toBaseUrl(publicOrigin) }),
      ...(onlyThroughCdn && toBoolean(onlyThroughCdn) && { onlyThroughCdn: true }),
      ...readLogValidations(settings),
      ...(events && { places: true }),
      ...(identity.oidc.length > 0 && { oidcSources: identity.oidc }),
      ...(events?.activity === true && { activity: true as const }),
    },
    allowedOrigins: origins.listed,
    identity,
    ...(sourceLabels.size > 0 && { sourceLabels }),
    ...(events && { events }),
    jobs: settings.jobs ? toBoolean(settings.jobs) : true,
    ...(keepUsersTable && { keepUsersTable: toBoolean(keepUsersTable) }),
    ...(isPolicyModule(policy) && { policyModule: policy }),
  };
}

/**
 * Refuses props that no construct of ours has: a misspelled one would otherwise be a default in silence.
 * @param others the names of the construct's props beside the settings.
 * @throws {@link SettingError}
 */
export function checkPropNames(props: object, others: readonly string[]): void {
  const known = [...SETTINGS, ...others];
  const unknown = Object.keys(props).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SettingError(`${unknown} (prop) is not a setting`, known.join(", "));
  }
}

function readEra({ era }: GivenSettings): string {
  if (!era) return DEFAULT_ERA;
  if (typeof era.value !== "string" || !ERA_SHAPE.test(era.value) || isDeployTime(era.value))
    throw SettingError.forValue(era, ACCEPTED_ERA);
  return era.value;
}

/** How old a login may be that ends another of one's own sessions (ASVS 7.5.2). */
function readReauthWithin({ reauthWithin: within }: GivenSettings): FunctionSettings["reauthWithin"] {
  if (!within) return DEFAULT_REAUTH_MS;
  return within.value === "none" ? "none" : toMilliseconds(within, ", or none");
}

/** The default is not told to the functions. */
function readLogValidations({
  logValidations: given,
}: GivenSettings): Pick<FunctionSettings, "logValidations"> {
  const value = given ? toOneOf(given, VALIDATION_LOGS) : "none";
  return value === "none" ? {} : { logValidations: value };
}

interface AllowedOrigins {
  /** As an API's CORS takes them. */
  readonly listed: readonly string[];
  /** As the functions are told: what is one text at deployment has commas in it (`decodeSettings`). */
  readonly told: readonly string[];
}

/** Each origin may be known only at deployment, and so may be how many there are. */
function readAllowedOrigins({ allowedOrigins: list }: GivenSettings): AllowedOrigins {
  if (!list) return { listed: [], told: [] };
  const { value } = list;
  if (Array.isArray(value) && isDeployTime(value)) {
    const listed = value as readonly string[];
    return { listed, told: [Fn.join(",", [...listed])] };
  }
  if (typeof value === "string" && isWhollyDeployTime(value))
    return { listed: Fn.split(",", value), told: [value] };
  const accepted = `a list, or text with commas, of origins, each ${ACCEPTED_ALLOWED_ORIGIN}`;
  const origins = toList(list, accepted).map((origin) => toAllowedOrigin({ ...list, value: origin }));
  const listed = [...new Set(origins)];
  return { listed, told: listed };
}
