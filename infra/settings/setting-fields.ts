import { isDeployTime } from "../deploy-time.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";

/** The fields of a setting that is an object, each under its name. */
export type Fields<T> = Readonly<Record<keyof T, GivenSetting>>;

/**
 * The fields of an object. Unknown ones are refused by their names alone: a value may be a secret.
 * @param hint more about what is accepted, for the message about an unknown one.
 * @throws {@link SettingError}
 */
export function fieldsOf<T>(
  given: GivenSetting,
  known: Readonly<Record<keyof T, true>>,
  { also = "", hint = "" }: { readonly also?: string; readonly hint?: string } = {},
): Fields<T> {
  const names = Object.keys(known);
  const { name, source, value } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value) || isDeployTime(value)) {
    throw SettingError.forValue(given, `${also}an object with ${names.join(", ")}`);
  }
  const unknown = Object.keys(value).find((field) => !names.includes(field));
  if (unknown !== undefined) {
    throw new SettingError(`${name}.${unknown} (${source}) is not known`, `${names.join(", ")}${hint}`);
  }
  return Object.fromEntries(
    names.map((field) => {
      const found = (value as Record<string, unknown>)[field] ?? undefined;
      return [field, { name: `${name}.${field}`, source, value: found }];
    }),
  ) as unknown as Fields<T>;
}
