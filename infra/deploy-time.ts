import { createHash } from "node:crypto";
import { Duration, Token, Tokenization } from "aws-cdk-lib";

/** Whether CloudFormation fills in the value, or a part of it, at deployment: a CDK token of any kind. */
export function isDeployTime(value: unknown): boolean {
  if (value instanceof Duration) return value.isUnresolved();
  return Token.isUnresolved(value);
}

/** Whether nothing of the text is known before, not even how many values it lists. */
export const isWhollyDeployTime = (text: string): boolean =>
  Token.isUnresolved(text) && Tokenization.reverseString(text).length === 1;

/**
 * Text as it may be after the deployment: a stand-in for each part that is known only then, so that what is
 * known of it can be checked. Text that begins with such a part may have its scheme from there.
 */
export function withStandIns(text: string): string {
  if (!Token.isUnresolved(text)) return text;
  // A port after a host, which may be known only then too.
  const checked = replaceTokens(text, STAND_IN).replaceAll(`:${STAND_IN}`, ":8443");
  return checked.startsWith(STAND_IN) ? `https://${checked}` : checked;
}

/** The same for people: `https://<known at deployment>/`. */
export const forReading = (text: string): string => replaceTokens(text, "<known at deployment>");

/**
 * What `StringParameter.valueFromLookup` gives until the CLI has asked AWS, and runs the app again: text that
 * cannot be checked and is never deployed.
 */
export const awaitsLookup = (value: unknown): boolean =>
  typeof value === "string" && value.includes("dummy-value-for-");

/** In place of such text, where something must have a shape: a few letters and digits, its own for each. */
export const lookupStandIn = (value: unknown): string =>
  `a${createHash("sha256").update(String(value)).digest("hex").slice(0, 8)}`;

/** The same where a host belongs. */
export const lookupHost = (value: unknown): string => `${lookupStandIn(value)}.invalid`;

const STAND_IN = "stand-in.example";

function replaceTokens(text: string, by: string): string {
  const parts = Tokenization.reverseString(text).mapTokens({ mapToken: () => by });
  return String(parts.join(CONCATENATION));
}

const CONCATENATION = {
  join: (left: string | undefined, right: string | undefined): string => (left ?? "") + (right ?? ""),
};
