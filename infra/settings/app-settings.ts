import { SettingError, type GivenSetting } from "./setting-error.ts";
import { CONTEXT_NAMES } from "./setting-sources.ts";
import { toBoolean } from "./setting-values.ts";

/** What the context says of the app as it is deployed, beside the settings of its sessions. */
export interface AppSettings {
  readonly stackName: string;
  /** Whether tables and logs go with the stack, for throwaway ones. */
  readonly removeOnDestroy: boolean;
}

const APP_NAMES = ["console", "monitor", "stackName", "removeOnDestroy"];
const STACK_NAME_SHAPE = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
/**
 * Names of CDK itself and of its libraries have a `:`, `/` or `-` in them: feature flags, options of the CLI,
 * look-ups it remembers.
 */
const OUR_KIND_OF_NAME = /^\w+$/;

/**
 * Reads the app's own settings, and refuses context that is no setting at all: a misspelled one would be a
 * default in silence.
 * @throws {@link SettingError}
 */
export function readAppSettings(context: Readonly<Record<string, unknown>>): AppSettings {
  const known = [...CONTEXT_NAMES, ...APP_NAMES];
  const unknown = Object.keys(context).find((name) => OUR_KIND_OF_NAME.test(name) && !known.includes(name));
  if (unknown !== undefined)
    throw new SettingError(`${unknown} (context) is not a setting`, known.join(", "));

  const stackName = givenIn(context, "stackName");
  const removeOnDestroy = givenIn(context, "removeOnDestroy");
  return {
    stackName: stackName ? toStackName(stackName) : "SingleSession",
    removeOnDestroy: removeOnDestroy ? toBoolean(removeOnDestroy) : false,
  };
}

function givenIn(context: Readonly<Record<string, unknown>>, name: string): GivenSetting | undefined {
  const value = context[name] ?? undefined;
  return value === undefined ? undefined : { name, source: "context", value };
}

function toStackName(given: GivenSetting): string {
  if (typeof given.value === "string" && STACK_NAME_SHAPE.test(given.value)) return given.value;
  throw SettingError.forValue(given, "a letter, then up to 127 letters, digits and hyphens");
}
