import { randomBytes } from "node:crypto";

/** As CloudFormation has them: `{{resolve:secretsmanager:<arn>:SecretString:::}}`. */
const REFERENCE = /\{\{resolve:secretsmanager:[^{}]+\}\}/g;

/**
 * Puts a random value of this run in the place of each reference to a secret: the same for the same
 * reference.
 */
export function createSecretValues(): (text: string) => string {
  const values = new Map<string, string>();
  return function resolve(text) {
    return text.replace(REFERENCE, (reference) => {
      const value = values.get(reference) ?? randomBytes(32).toString("base64url");
      values.set(reference, value);
      return value;
    });
  };
}
