import type { SingleSessionConsoleOptions } from "./console.ts";
import { isDeployTime } from "../deploy-time.ts";
import { toBoolean } from "../settings/setting-values.ts";

/**
 * Whether there is a console: `false`, or what it is to be like. Unless said otherwise there is one.
 * @throws SettingError for what is neither a boolean nor an object of options.
 */
export function readConsoleSetting(
  value: boolean | string | SingleSessionConsoleOptions | undefined,
): false | SingleSessionConsoleOptions {
  if (value === undefined) return {};
  if (typeof value === "object" && !isDeployTime(value)) return value;
  return toBoolean({ name: "console", source: "prop", value }) ? {} : false;
}
