import type { FunctionSettings } from "../src/http/function-settings.ts";
import { readIdentity, type IdentitySetting } from "./identity-setting.ts";
import { provePolicyFunction, type PolicyModule } from "./policy-module.ts";
import { isPolicyModule, readPolicy, type PolicyEnvironment } from "./policy-setting.ts";
import { nameOf, SettingError } from "./setting-error.ts";
import { given, SETTINGS, type SettingSources } from "./setting-sources.ts";
import { ACCEPTED_ORIGIN, toBoolean, toList, toMilliseconds, toOrigin } from "./setting-values.ts";

const DEFAULT_IDLE_MS = 30 * 60_000;
const DEFAULT_ABSOLUTE_MS = 12 * 3_600_000;
const DEFAULT_ERA = "1";
const ERA_SHAPE = /^[\x21-\x7e]{1,64}$/;
const ACCEPTED_ERA = 'text of 1 to 64 printable ASCII characters without spaces, such as "2"';

/** All settings of design section 5, read and checked. */
export interface Settings {
  /** What the functions are told. */
  readonly functions: FunctionSettings;
  readonly identity: IdentitySetting;
  /**
   * The module that the login function's bundle gets as `#session-policy`, where a policy function is set.
   */
  readonly policyModule?: PolicyModule;
}

/**
 * Reads and checks all settings. A prop wins, then the environment, then the context.
 * @throws {@link SettingError} for the first value that cannot be right.
 */
export function readSettings(
  sources: SettingSources,
  machine: PolicyEnvironment = { folder: process.cwd(), prove: provePolicyFunction },
): Settings {
  const policy = readPolicy(sources, machine);
  const logoutAll = given("logoutAllSessions", sources);
  const publicOrigin = given("publicOrigin", sources);
  return {
    functions: {
      era: readEra(sources),
      timeouts: readTimeouts(sources),
      logoutAllSessions: logoutAll ? toBoolean(logoutAll) : true,
      policy: isPolicyModule(policy) ? { policyExport: policy.exportName } : policy,
      allowedOrigins: readAllowedOrigins(sources),
      ...(publicOrigin && { publicOrigin: toOrigin(publicOrigin) }),
    },
    identity: readIdentity(given("identity", sources)),
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
  const stranger = Object.keys(props).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new SettingError(`${stranger} (prop) is not a setting`, known.join(", "));
  }
}

function readEra(sources: SettingSources): string {
  const era = given("era", sources);
  if (!era) return DEFAULT_ERA;
  if (typeof era.value !== "string" || !ERA_SHAPE.test(era.value))
    throw SettingError.forValue(era, ACCEPTED_ERA);
  return era.value;
}

function readTimeouts(sources: SettingSources): FunctionSettings["timeouts"] {
  const absoluteGiven = given("absoluteTimeout", sources);
  const idleGiven = given("idleTimeout", sources);
  const absolute = absoluteGiven ? toMilliseconds(absoluteGiven) : DEFAULT_ABSOLUTE_MS;
  // Who shortens the absolute timeout alone has not asked for a contradiction.
  if (!idleGiven) return { idle: Math.min(DEFAULT_IDLE_MS, absolute), absolute };
  if (idleGiven.value === "none") return { idle: "none", absolute };

  const idle = toMilliseconds(idleGiven, ", or none");
  if (idle > absolute) {
    const limit = absoluteGiven ? nameOf(absoluteGiven) : "absoluteTimeout (default)";
    throw SettingError.forValue(idleGiven, `none, or at most ${limit}, which is ${inWords(absolute)}`);
  }
  return { idle, absolute };
}

function readAllowedOrigins(sources: SettingSources): readonly string[] {
  const list = given("allowedOrigins", sources);
  if (!list) return [];
  const accepted = `a list, or text with commas, of origins, each ${ACCEPTED_ORIGIN}`;
  return [...new Set(toList(list, accepted).map((value) => toOrigin({ ...list, value })))];
}

function inWords(milliseconds: number): string {
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} minutes` : `${milliseconds / 1000} seconds`;
}
