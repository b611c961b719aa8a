import type { Claims } from "./jwt.ts";
import type { ClaimMapping } from "./oidc-settings.ts";
import { permissionsProblem } from "./permissions-problem.ts";

/** What a mapping grants. */
export interface GrantedByClaims {
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

/** A provider's claims do not fit what a session can carry: the mapping must be made narrower. */
export class ClaimMappingError extends Error {
  override readonly name = "ClaimMappingError";
}

/**
 * `isAdmin` and permissions by a source's mapping. A claim that is missing, or is nothing that the mapping
 * knows, grants nothing.
 * @throws {@link ClaimMappingError} where the permissions cannot be a user's: to cut them would be a guess.
 */
export function mapClaims(claims: Claims, mapping: ClaimMapping): GrantedByClaims {
  const { adminClaim, adminValues, permissionsClaim, permissionValues } = mapping;
  const permissions = [
    ...new Set(permissionsClaim === undefined ? [] : wordsOf(claims[permissionsClaim])),
  ].filter((permission) => permissionValues?.includes(permission) ?? true);
  const problem = permissionsProblem(permissions);
  if (problem !== undefined) {
    throw new ClaimMappingError(
      `the claim ${JSON.stringify(permissionsClaim)} as permissions ${problem}; name those to take in ` +
        "the identity setting",
    );
  }
  return {
    isAdmin: adminClaim !== undefined && isAdministrator(claims[adminClaim], adminValues),
    permissions,
  };
}

function isAdministrator(claim: unknown, adminValues: readonly string[] | undefined): boolean {
  if (adminValues === undefined) return claim === true;
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return values.some((value) => typeof value === "string" && adminValues.includes(value));
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((word) => word !== "");
  return Array.isArray(claim)
    ? claim.filter((value): value is string => typeof value === "string" && value !== "")
    : [];
}
