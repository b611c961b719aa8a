import type { SingleSessionConsoleOptions } from "./console.ts";
import type { GivenSetting } from "./setting-error.ts";
import { toBoolean } from "./setting-values.ts";

/**
 * Whether there is a console: `false`, or what it is to be like. A prop wins over the context; without either there is one.
 * @throws SettingError for what is neither a boolean nor, as a prop, an object of options.
 */
export function readConsoleSetting(
  prop: boolean | string | SingleSessionConsoleOptions | undefined,
  context: (name: string) => unknown,
): false | SingleSessionConsoleOptions {
  if (typeof prop === "object") return prop;
  const value = prop ?? context("console") ?? undefined;
  if (value === undefined) return {};
  const given: GivenSetting = { name: "console", source: prop === undefined ? "context" : "prop", value };
  return toBoolean(given) ? {} : false;
}
