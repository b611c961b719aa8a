import { LONGEST_PERMISSIONS_BYTES } from "../sessions/session.ts";
import { CONTROL_CHARACTERS } from "./user-name.ts";

/** Why `permissions` cannot be a user's, or `undefined` where they can. */
export function permissionsProblem(permissions: readonly string[]): string | undefined {
  if (permissions.some((permission) => permission.length === 0)) return "must not contain an empty name";
  if (permissions.some((permission) => !permission.isWellFormed())) return "must be well-formed Unicode";
  if (permissions.some((permission) => CONTROL_CHARACTERS.test(permission)))
    return "must not contain control characters or line breaks";
  const bytes = Buffer.byteLength(JSON.stringify(permissions));
  if (bytes <= LONGEST_PERMISSIONS_BYTES) return undefined;
  return `must have at most ${LONGEST_PERMISSIONS_BYTES} bytes as JSON; these have ${bytes}`;
}
