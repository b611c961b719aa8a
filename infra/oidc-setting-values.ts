import { Token } from "aws-cdk-lib";
import { SettingError, type GivenSetting } from "./setting-error.ts";

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
/** Names of other identity sources, which a session names as where its user came from. */
const RESERVED_NAMES: readonly string[] = ["passwords", "trusted"];
const ACCEPTED_NAME = "1 to 32 of a-z, 0-9 and hyphen, other than passwords and trusted";
const ACCEPTED_TEXT = "text of 1 to 256 characters";
const ACCEPTED_TEXTS = "a list of 1 to 50 texts of 1 to 256 characters";

/** The name of a source. @throws {@link SettingError} */
export function toName(given: GivenSetting): string {
  const name = toShape(given, /^[a-z0-9-]{1,32}$/, ACCEPTED_NAME);
  // Ids, and what the functions write, are made of the name: CloudFormation's own comes too late for that.
  if (RESERVED_NAMES.includes(name) || Token.isUnresolved(name))
    throw SettingError.forValue(given, ACCEPTED_NAME);
  return name;
}

/** Text of a shape; what CloudFormation fills in at deployment (a user pool of the same stack) cannot be checked at synth. */
export function toShape(given: GivenSetting, shape: RegExp, accepted: string): string {
  const { value } = given;
  if (typeof value === "string" && (Token.isUnresolved(value) || shape.test(value))) return value;
  throw SettingError.forValue(given, accepted);
}

/** Text without control characters. @throws {@link SettingError} */
export const toText = (given: GivenSetting): string => toShape(given, /^[^\p{Cc}]{1,256}$/u, ACCEPTED_TEXT);

/** A list of texts. @throws {@link SettingError} naming the one that is none */
export function toTexts(given: GivenSetting, accepted = ACCEPTED_TEXTS): readonly string[] {
  const { value } = given;
  if (!Array.isArray(value) || value.length === 0 || value.length > 50)
    throw SettingError.forValue(given, accepted);
  return value.map((text: unknown, index) =>
    toText({ ...given, name: `${given.name}[${index}]`, value: text }),
  );
}

/** What the code flow asks for; `openid` where not given. @throws {@link SettingError} */
export function toScopes(given: GivenSetting): readonly string[] {
  if (given.value === undefined) return ["openid"];
  const accepted = "a list of scopes (RFC 6749) with openid in it";
  const scopes = toTexts(given, accepted);
  if (scopes.includes("openid") && scopes.every((scope) => SCOPE.test(scope))) return scopes;
  throw SettingError.forValue(given, accepted);
}

/** OpenID Connect Discovery section 3 for issuers; keys and tokens are fetched over TLS or not at all. */
export function toUrl(given: GivenSetting): string {
  const accepted = "an https:// URL without query, fragment and credentials";
  const text = toShape(given, /^https:\/\//, accepted);
  const url = Token.isUnresolved(text) ? undefined : URL.parse(text);
  if (url === undefined) return text;
  if (url === null || url.search + url.hash + url.username + url.password !== "" || /[?#\s]/.test(text))
    throw SettingError.forValue(given, accepted);
  return text;
}

/** What `read` makes of a field that is given. */
export function optional<T>(read: (given: GivenSetting) => T, given: GivenSetting): T | undefined {
  return given.value === undefined ? undefined : read(given);
}
