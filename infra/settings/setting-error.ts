import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { isDeployTime } from "../deploy-time.ts";

/** Where a setting's value came from, in order of precedence (design section 5). */
export type SettingSource = "prop" | "environment" | "context";

/** A value that somebody gave for a setting, under the name that they used. */
export interface GivenSetting {
  /** As given: `singleUserSession`, or `SINGLE_USER_SESSION`. */
  readonly name: string;
  readonly source: SettingSource;
  readonly value: unknown;
}

/**
 * A setting that cannot be right. It fails the synth; the message names the setting, the value and what is
 * accepted.
 */
export class SettingError extends Error {
  override readonly name = "SettingError";

  /**
   * @param subject what is wrong, naming setting and value: `era (prop) is ""`.
   * @param accepted what would be right, as the end of a sentence: `text of 1 to 64 characters`.
   */
  constructor(subject: string, accepted: string) {
    super(`${subject}. Accepted: ${accepted}.`);
  }

  /** The error for one setting whose value is not among what is accepted. */
  static forValue(given: GivenSetting, accepted: string): SettingError {
    if (isDeployTime(given.value))
      return new this(`${nameOf(given)} is known only at deployment`, `${accepted}; known at synth`);
    return new this(`${nameOf(given)} is ${show(given.value)}`, accepted);
  }

  /** What `read` gives; an error of settings says whose they are: an app may have several. */
  static in<T>(construct: Construct, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof this) error.message = `${construct.node.path}: ${error.message}`;
      throw error;
    }
  }
}

/** How messages call a given setting: `era (context)`. */
export function nameOf({ name, source }: Pick<GivenSetting, "name" | "source">): string {
  return `${name} (${source})`;
}

function show(value: unknown): string {
  if (value instanceof Duration) return value.toString();
  if (typeof value === "function") return "a function";
  if (Construct.isConstruct(value)) return `the construct ${value.node.path}`;
  if (value === undefined || typeof value === "bigint" || typeof value === "symbol") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return "an object that contains itself";
  }
}
