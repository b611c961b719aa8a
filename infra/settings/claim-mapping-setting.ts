import type { ClaimMapping } from "../../src/identity/oidc-settings.ts";
import { optional, toClaim, toTexts } from "./oidc-setting-values.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";

type MappingFields = Readonly<Record<keyof ClaimMapping, GivenSetting>>;

/**
 * How claims become permissions, as set. @throws {@link SettingError} for values without the claim that has
 * them.
 */
export function toMapping(fields: MappingFields): ClaimMapping {
  const adminClaim = optional(toClaim, fields.adminClaim);
  const adminValues = optional(toTexts, fields.adminValues);
  const permissionsClaim = optional(toClaim, fields.permissionsClaim);
  const permissionValues = optional(toTexts, fields.permissionValues);
  if (adminValues && adminClaim === undefined) {
    throw new SettingError(
      `${nameOf(fields.adminValues)} is given without adminClaim`,
      "both, or adminClaim",
    );
  }
  if (permissionValues && permissionsClaim === undefined) {
    const subject = `${nameOf(fields.permissionValues)} is given without permissionsClaim`;
    throw new SettingError(subject, "both, or permissionsClaim");
  }
  return {
    ...(adminClaim !== undefined && { adminClaim }),
    ...(adminValues && { adminValues }),
    ...(permissionsClaim !== undefined && { permissionsClaim }),
    ...(permissionValues && { permissionValues }),
  };
}
