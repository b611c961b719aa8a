import { Duration } from "aws-cdk-lib";
import { awaitsLookup, forReading, lookupHost, withStandIns } from "../deploy-time.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";

const YES: readonly unknown[] = ["true", "1", "yes", "on"];
const NO: readonly unknown[] = ["false", "0", "no", "off"];
const DURATION_SHAPE = /^([1-9]\d{0,8})([smhd])$/;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Browsers keep no cookie for longer than 400 days (RFC 6265bis, section 5.5), so no session outlives that.
 */
const LONGEST_DURATION_DAYS = 400;

export const ACCEPTED_BOOLEANS = "true, false, 1, 0, yes, no, on or off";
const ACCEPTED_DURATIONS = `a duration of at most ${LONGEST_DURATION_DAYS} days, written 45s, 30m, 12h or 30d`;

/** What a value says as a yes or a no, or `undefined` where it says neither: truthiness is never guessed. */
export function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).toLowerCase();
  return YES.includes(text) ? true : NO.includes(text) ? false : undefined;
}

/** @throws {@link SettingError} for anything that does not plainly say yes or no. */
export function toBoolean(given: GivenSetting): boolean {
  const value = asBoolean(given.value);
  if (value === undefined) throw SettingError.forValue(given, ACCEPTED_BOOLEANS);
  return value;
}

/**
 * A duration in milliseconds, from text such as `30m` or a CDK `Duration`.
 * @param also what the setting takes beside durations, for the message.
 * @throws {@link SettingError}
 */
export function toMilliseconds(given: GivenSetting, also = ""): number {
  const milliseconds = durationIn(given.value);
  if (milliseconds === undefined || milliseconds < 1000 || milliseconds > LONGEST_DURATION_DAYS * UNIT_MS.d) {
    throw SettingError.forValue(given, ACCEPTED_DURATIONS + also);
  }
  return milliseconds;
}

function durationIn(value: unknown): number | undefined {
  if (value instanceof Duration) {
    // A value that CloudFormation fills in at deployment cannot be checked at synth.
    return value.isUnresolved() ? undefined : value.toMilliseconds({ integral: false });
  }
  const [, count, unit] = DURATION_SHAPE.exec(typeof value === "string" ? value : "") ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** A whole number from `least` to `most`, also as text. @throws {@link SettingError} */
export function toWholeNumber(given: GivenSetting, least: number, most: number): number {
  const { value } = given;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most) {
    throw SettingError.forValue(given, `a whole number from ${least} to ${most}`);
  }
  return number;
}

/** One of a few words. @throws {@link SettingError} naming them. */
export function toOneOf<T extends string>(given: GivenSetting, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === given.value);
  if (word === undefined) throw SettingError.forValue(given, words.join(", "));
  return word;
}

/**
 * A list, or text that lists its items with commas (as `-c name=a,b` gives it); empty text is an empty list.
 * @throws {@link SettingError} for anything else.
 */
export function toList(given: GivenSetting, accepted: string): readonly unknown[] {
  if (Array.isArray(given.value)) return given.value;
  if (typeof given.value !== "string") throw SettingError.forValue(given, accepted);
  return given.value === "" ? [] : given.value.split(",").map((item) => item.trim());
}

/**
 * The value, or what it says where it is text that holds a list or an object as JSON: so `-c name={…}` gives
 * it.
 * @throws {@link SettingError} for text that begins like JSON and is none.
 */
export function fromJsonText(given: GivenSetting, accepted: string): unknown {
  if (typeof given.value !== "string" || !/^\s*[[{]/.test(given.value)) return given.value;
  try {
    return JSON.parse(given.value) as unknown;
  } catch {
    throw SettingError.forValue(given, accepted);
  }
}

export const ACCEPTED_BASE_URL =
  "a base URL such as https://app.example.com or https://api.example.com/auth, in the form that " +
  "browsers give it (lower-case host, no default port), without query, fragment, credentials or " +
  "wildcard; http:// only for localhost";

/**
 * An origin, or one with a path below which the API is; without the slash at its end. @throws {@link
 * SettingError}
 */
export function toBaseUrl(given: GivenSetting): string {
  const { value } = given;
  if (typeof value !== "string") throw SettingError.forValue(given, ACCEPTED_BASE_URL);
  if (awaitsLookup(value)) return `https://${lookupHost(value)}`;
  const text = value.replace(/(?<=[^/])\/$/, "");
  const checked = withStandIns(text);
  const url = URL.parse(checked);
  if (url === null || !isBaseUrl(url, checked))
    throw SettingError.forValue({ ...given, value: forReading(value) }, ACCEPTED_BASE_URL);
  return text;
}

function isBaseUrl({ protocol, hostname, username, password, pathname, href }: URL, text: string): boolean {
  const isSafe = protocol === "https:" || (protocol === "http:" && LOOPBACK_HOSTS.includes(hostname));
  const isPlain = username + password === "" && !/[?#*{}<>]/.test(text) && !pathname.includes("//");
  return isSafe && isPlain && href.replace(/\/$/, "") === text;
}
