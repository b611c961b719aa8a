import { Token } from "aws-cdk-lib";
import { awaitsLookup, forReading, lookupHost, withStandIns } from "../deploy-time.ts";
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
  if (RESERVED_NAMES.includes(name)) throw SettingError.forValue(given, ACCEPTED_NAME);
  return name;
}

/** Text of a shape, known at synth. @throws {@link SettingError} */
export function toShape(given: GivenSetting, shape: RegExp, accepted: string): string {
  const { value } = given;
  if (typeof value === "string" && !Token.isUnresolved(value) && shape.test(value)) return value;
  throw SettingError.forValue(given, accepted);
}

/**
 * Text of a shape, or what CloudFormation fills in at deployment, such as the id of a user pool of the same
 * stack. For what the functions only compare or pass on.
 * @throws {@link SettingError}
 */
export function toShapeOrToken(given: GivenSetting, shape: RegExp, accepted: string): string {
  const { value } = given;
  return typeof value === "string" && Token.isUnresolved(value) ? value : toShape(given, shape, accepted);
}

const TEXT = /^[^\p{Cc}]{1,256}$/u;

/** Text without control characters; may be known only at deployment. @throws {@link SettingError} */
export const toText = (given: GivenSetting): string => toShapeOrToken(given, TEXT, ACCEPTED_TEXT);

/** The name of a claim. @throws {@link SettingError} */
export const toClaim = (given: GivenSetting): string => toShape(given, TEXT, ACCEPTED_TEXT);

/** A list of texts. @throws {@link SettingError} naming the value that is not text */
export function toTexts(given: GivenSetting, accepted = ACCEPTED_TEXTS): readonly string[] {
  const { value } = given;
  if (!Array.isArray(value) || value.length === 0 || value.length > 50 || Token.isUnresolved(value))
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

/** `{tenantid}`, `${tenant}`, `<tenant>`, `*` and `YOUR_DOMAIN`, also as a browser writes them. */
const PLACEHOLDER = /[{}<>*]|%7b|%3c|YOUR[-_ ]?[A-Z]/;
const ACCEPTED_URL = "an https:// URL without query, fragment and credentials";

/**
 * OpenID Connect Discovery section 3 for issuers; keys and tokens are fetched over TLS or not at all. An
 * example's placeholder is refused: it would match nothing, and that would show at the first sign-in only.
 * @throws {@link SettingError}
 */
export function toUrl(given: GivenSetting, accepted = ACCEPTED_URL): string {
  if (awaitsLookup(given.value)) return `https://${lookupHost(given.value)}`;
  const text = toShapeOrToken(given, /^https:\/\//, accepted);
  if (Token.isUnresolved(text)) {
    if (withStandIns(text).startsWith("https://")) return text;
    throw SettingError.forValue({ ...given, value: forReading(text) }, accepted);
  }
  if (PLACEHOLDER.test(text) || PLACEHOLDER.test(text.toLowerCase())) {
    const instead =
      "give the value of your own tenant, realm or domain in its place (a template for many is not " +
      "supported)";
    throw SettingError.forValue(given, `${accepted}, without a placeholder: ${instead}`);
  }
  const url = URL.parse(text);
  if (url === null || url.search + url.hash + url.username + url.password !== "" || /[?#\s]/.test(text))
    throw SettingError.forValue(given, accepted);
  return text;
}

/**
 * Claims of the token, the client, the sign-in or the tenant: as user ids they would make one user of many
 * people.
 */
const NOBODYS_CLAIMS: readonly string[] =
  "iss aud azp exp iat nbf jti nonce sid tid acr amr at_hash c_hash origin_jti event_id token_use".split(" ");

/** The claim that identifies a user. @throws {@link SettingError} */
export function toUserIdClaim(given: GivenSetting): string {
  const claim = toClaim(given);
  if (!NOBODYS_CLAIMS.includes(claim)) return claim;
  throw SettingError.forValue(given, "a claim that identifies one person, such as sub or oid");
}

/** Text that people read, on a button. */
export const toLabel = (given: GivenSetting): string =>
  toShape(
    given,
    /^(?!\s)[^\p{Cc}\p{Zl}\p{Zp}]{1,64}(?<!\s)$/u,
    "text of 1 to 64 characters without white space at its ends",
  );

/** A label from a source's name: `Entra id` of `entra-id`. */
export function labelOf(name: string): string {
  const words = name
    .split("-")
    .filter((word) => word !== "")
    .join(" ");
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** What `read` makes of a field that is given. */
export function optional<T>(read: (given: GivenSetting) => T, given: GivenSetting): T | undefined {
  return given.value === undefined ? undefined : read(given);
}
