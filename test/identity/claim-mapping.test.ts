import { describe, expect, test } from "vitest";
import { mapClaims } from "../../src/identity/claim-mapping.ts";
import type { ClaimMapping } from "../../src/identity/oidc-settings.ts";

describe("claims", () => {
  const admins: ClaimMapping = { adminClaim: "role", adminValues: ["root", "ops"] };
  test.each<[object, ClaimMapping, boolean]>([
    [{ isAdmin: true, admin: true, role: "root" }, {}, false],
    [{ admin: true }, { adminClaim: "admin" }, true],
    [{ admin: "true" }, { adminClaim: "admin" }, false],
    [{ admin: ["yes"] }, { adminClaim: "admin" }, false],
    [{ role: "ops" }, admins, true],
    [{ role: ["user", "root"] }, admins, true],
    [{ role: "rooted" }, admins, false],
    [{ role: true }, admins, false],
    [{ role: [["root"]] }, admins, false],
    [{ roles: "root" }, admins, false],
  ])("%j by %j make an administrator: %j", (claims, mapping, isAdmin) => {
    expect(mapClaims(claims as Record<string, unknown>, mapping)).toEqual({ isAdmin, permissions: [] });
  });

  test.each<[object, ClaimMapping, string[]]>([
    [{ scope: "a b" }, {}, []],
    [{ scope: "a  b a" }, { permissionsClaim: "scope" }, ["a", "b"]],
    [{ roles: ["a", 7, "", "b c"] }, { permissionsClaim: "roles" }, ["a", "b c"]],
    [{ roles: { a: true } }, { permissionsClaim: "roles" }, []],
    [{ roles: ["a", "b", "c"] }, { permissionsClaim: "roles", permissionValues: ["c", "d"] }, ["c"]],
  ])("%j by %j give the permissions %j", (claims, mapping, permissions) => {
    expect(mapClaims(claims as Record<string, unknown>, mapping)).toEqual({ isAdmin: false, permissions });
  });

  test("with more permissions than a session carries are a fault, unless the mapping takes few of them", () => {
    const claims = { roles: Array.from({ length: 300 }, (_, index) => `role-${index}`) };
    expect(() => mapClaims(claims, { permissionsClaim: "roles" })).toThrow(
      'the claim "roles" as permissions',
    );
    const few = { permissionsClaim: "roles", permissionValues: ["role-7"] };
    expect(mapClaims(claims, few).permissions).toEqual(["role-7"]);
  });
});
