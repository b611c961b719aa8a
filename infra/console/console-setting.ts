import type { SingleSessionConsoleOptions } from "./console.ts";
import { isDeployTime } from "../deploy-time.ts";
import type { GivenSetting } from "../settings/setting-error.ts";
import { fieldsOf } from "../settings/setting-fields.ts";
import { ACCEPTED_BOOLEANS, fromJsonText, toBoolean } from "../settings/setting-values.ts";
import { BRANDING_FIELDS, readBranding, type ConsoleBranding } from "./branding.ts";

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

/**
 * The same of the context, which says whether there is a console, or how it presents itself.
 * @throws SettingError
 */
export function readConsoleContext(given: GivenSetting): boolean | ConsoleBranding {
  const value = fromJsonText(given, `${ACCEPTED_BOOLEANS}, or an object with ${OPTIONS}`);
  if (typeof value !== "object") return toBoolean(given);
  const read = { ...given, value };
  fieldsOf<ConsoleBranding>(read, BRANDING_FIELDS, { also: `${ACCEPTED_BOOLEANS}, or ` });
  readBranding(read, process.cwd());
  return value as ConsoleBranding;
}

const OPTIONS = Object.keys(BRANDING_FIELDS).join(", ");
