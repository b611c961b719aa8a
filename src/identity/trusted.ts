import type { PolicyUser } from "../sessions/policy.ts";
import type { Identity } from "./identity.ts";

/** The user of a direct invocation, as its schema let it through. */
export interface TrustedUser {
  /**
   * Taken as given: IAM vouches for the backend that sends it, and the backend for the user (design section
   * 2).
   */
  readonly id: string;
  readonly isAdmin?: boolean | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly claims?: PolicyUser["claims"] | undefined;
}

/**
 * The identity of a user whom a trusted backend has already authenticated. What it leaves out is granted to
 * nobody.
 */
export function trustedIdentity(trusted: TrustedUser): Identity {
  const { id, isAdmin = false, permissions = [], claims = {} } = trusted;
  return { user: { id, isAdmin, permissions }, claims, identitySource: "trusted", checks: [] };
}
