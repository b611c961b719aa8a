import { nameOf, SettingError, type GivenSetting, type SettingSource } from "./setting-error.ts";

/**
 * The settings of design section 5: props of the construct. This project's own app also has them in its
 * context.
 */
export const SETTINGS = [
  "singleUserSession",
  "logoutAllSessions",
  "sessionLimit",
  "atLimit",
  "idleTimeout",
  "absoluteTimeout",
  "timeouts",
  "reauthWithin",
  "identity",
  "allowedOrigins",
  "publicOrigin",
  "onlyThroughCdn",
  "keepUsersTable",
  "events",
  "jobs",
  "logValidations",
  "era",
] as const;
export type SettingName = (typeof SETTINGS)[number];

/** The two settings that keep a second name, which the environment of the synth and the context take. */
export const UPPER_CASE_NAMES: Readonly<Partial<Record<SettingName, string>>> = {
  singleUserSession: "SINGLE_USER_SESSION",
  logoutAllSessions: "LOGOUT_ALL_SESSIONS",
};

/** All names that the context may use for a setting. */
export const CONTEXT_NAMES: readonly string[] = [...SETTINGS, ...Object.values(UPPER_CASE_NAMES)];

/** The three places, in order of precedence: what `prop` says wins. */
export const PRECEDENCE = ["prop", "environment", "context"] as const satisfies readonly SettingSource[];

/** These say one thing in two ways: the first source that has any of them decides alone. */
export const POLICY_SETTINGS: readonly SettingName[] = ["singleUserSession", "sessionLimit", "atLimit"];

/** Each setting that somebody gave, with the name and the source that messages tell. */
export type GivenSettings = Readonly<Partial<Record<SettingName, GivenSetting>>>;

/**
 * Where values of props came from, for messages. An enumerable symbol, so that it survives a spread; by
 * `Symbol.for`, since the package may be loaded twice in one process, as an ES module and as CommonJS.
 */
const ORIGINS = Symbol.for("serverless-single-session.setting-origins");

/** Settings as props that remember where they came from. */
export function propsOf(settings: GivenSettings): object {
  const values = Object.entries(settings).map(([setting, { value }]) => [setting, value] as const);
  return { ...Object.fromEntries(values), [ORIGINS]: settings };
}

/** The settings among props. A value that {@link propsOf} put there is told under its own name and source. */
export function givenIn(props: object): GivenSettings {
  const values = props as Partial<Record<SettingName, unknown>>;
  const { [ORIGINS]: origins = {} } = props as { readonly [ORIGINS]?: GivenSettings };
  const given = SETTINGS.flatMap((setting): [SettingName, GivenSetting][] => {
    const value = values[setting];
    if (value === undefined) return [];
    const origin = origins[setting];
    return [[setting, origin?.value === value ? origin : { name: setting, source: "prop", value }]];
  });
  return Object.fromEntries(given);
}

/** What the environment or the context says of a setting, if anything. */
export type ReadSource = (name: string) => unknown;

/**
 * The settings that the environment gives by the upper-case names, and the context by all. The environment
 * wins. `null` is "not given": that is how `cdk.json` lists a setting it leaves alone.
 * @throws {@link SettingError} where the context has a setting under both of its names.
 */
export function readSources(environment: ReadSource, context: ReadSource): GivenSettings {
  const found: Partial<Record<SettingName, GivenSetting>> = {};
  for (const setting of SETTINGS) {
    const given = inEnvironment(setting, environment) ?? inContext(setting, context);
    if (given) found[setting] = given;
  }
  const deciding = POLICY_SETTINGS.some((setting) => found[setting]?.source === "environment");
  for (const setting of POLICY_SETTINGS) {
    if (deciding && found[setting]?.source === "context") Reflect.deleteProperty(found, setting);
  }
  return found;
}

function inEnvironment(setting: SettingName, environment: ReadSource): GivenSetting | undefined {
  const name = UPPER_CASE_NAMES[setting];
  return name === undefined ? undefined : present({ name, source: "environment", value: environment(name) });
}

function inContext(setting: SettingName, context: ReadSource): GivenSetting | undefined {
  const upper = UPPER_CASE_NAMES[setting];
  const [first, second] = [setting, ...(upper === undefined ? [] : [upper])]
    .map((name) => present({ name, source: "context", value: context(name) }))
    .filter((given) => given !== undefined);
  if (first && second)
    throw new SettingError(`${nameOf(first)} and ${nameOf(second)} are both given`, "one of them");
  return first;
}

function present(candidate: GivenSetting): GivenSetting | undefined {
  return candidate.value === undefined || candidate.value === null ? undefined : candidate;
}
