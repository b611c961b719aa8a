import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";

/** The settings of design section 5: props of the construct, and names in the CDK context. */
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

/** Where settings are looked for. */
export interface SettingSources {
  readonly props: Readonly<Partial<Record<SettingName, unknown>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * The CDK context's value of a name. `null` is "not given": that is how `cdk.json` lists a setting it
   * leaves alone.
   */
  readonly context: (name: string) => unknown;
}

/** The three places, in order of precedence: what `prop` says wins. */
export const PRECEDENCE = ["prop", "environment", "context"] as const;

/**
 * What one source says of a setting, if anything.
 * @throws {@link SettingError} where the context has it under both names.
 */
export function givenIn(
  source: (typeof PRECEDENCE)[number],
  setting: SettingName,
  sources: SettingSources,
): GivenSetting | undefined {
  const upper = UPPER_CASE_NAMES[setting];
  switch (source) {
    case "prop":
      return present({ name: setting, source, value: sources.props[setting] });
    case "environment":
      return upper === undefined
        ? undefined
        : present({ name: upper, source, value: sources.environment[upper] });
    case "context": {
      const [first, second] = [setting, ...(upper === undefined ? [] : [upper])]
        .map((name) => present({ name, source, value: sources.context(name) ?? undefined }))
        .filter((given) => given !== undefined);
      if (first && second) {
        throw new SettingError(`${nameOf(first)} and ${nameOf(second)} are both given`, "one of them");
      }
      return first;
    }
  }
}

/** What the first source that has the setting says of it. */
export function given(setting: SettingName, sources: SettingSources): GivenSetting | undefined {
  for (const source of PRECEDENCE) {
    const found = givenIn(source, setting, sources);
    if (found) return found;
  }
  return undefined;
}

function present(candidate: GivenSetting): GivenSetting | undefined {
  return candidate.value === undefined ? undefined : candidate;
}
