import { Annotations, Stack } from "aws-cdk-lib";
import { Annotations as AssertedAnnotations, Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import type { IdentitySource } from "../../infra/settings/identity-setting.ts";
import { IDENTITY_WARNINGS } from "../../infra/settings/identity-warnings.ts";
import { SingleSession } from "../../infra/single-session.ts";
import { read, refusalOf } from "./read.ts";
import { constructIn, newApp, resourcesOf, WITHOUT_CODE } from "./support.ts";

const CORP = {
  name: "corp",
  issuer: "https://login.example.com/corp",
  clientId: "app",
  jwksUri: "https://login.example.com/corp/keys",
};
const POOL = { userPoolId: "eu-central-1_AbCdEfGhI", clientId: "1example" };
/** A tenant of Entra ID. */
const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";

const identityOf = (identity: unknown) => read({ props: { identity } }).identity;

const refusal = (identity: unknown): string => refusalOf(() => identityOf(identity));

describe("what providers need", () => {
  it("is told to the functions: the claim of the user id, authorized parties, audiences of a user pool", () => {
    const rules = { userIdClaim: "https://example.com/employee.id", authorizedParties: ["android"] };
    const { oidc } = identityOf([
      { oidc: { ...CORP, ...rules } },
      { cognito: { ...POOL, audience: ["1example", "2example"], userIdClaim: "custom:employee" } },
    ]);
    expect(oidc).toMatchObject([
      rules,
      { audience: ["1example", "2example"], userIdClaim: "custom:employee" },
    ]);
  });

  it("is a list of issuers where one provider has several spellings; the first https one is the issuer", () => {
    const issuer = ["accounts.google.com", "https://accounts.google.com"];
    expect(identityOf({ oidc: { ...CORP, issuer } }).oidc).toMatchObject([
      { issuer: "https://accounts.google.com", otherIssuers: ["accounts.google.com"] },
    ]);
    expect(identityOf({ oidc: { ...CORP, issuer: ["https://a.example"] } }).oidc[0]).not.toHaveProperty(
      "otherIssuers",
    );
  });

  it.each([
    `https://login.microsoftonline.com/${TENANT}/v2.0`,
    `https://sts.windows.net/${TENANT}/`,
    "https://accounts.google.com",
    "https://tenant.eu.auth0.com/",
    "https://example.okta.com/oauth2/default",
    "https://sso.example.com/realms/staff",
    "https://appleid.apple.com",
    `https://contoso.b2clogin.com/${TENANT}/v2.0/`,
    "https://common.example.com/organizations",
  ])("is the issuer %s, as it is", (issuer) => {
    expect(identityOf({ oidc: { ...CORP, issuer } }).oidc).toMatchObject([{ issuer }]);
  });

  it("is a label on the button, or one made from the name", () => {
    const { stack, sessions } = constructIn({
      identity: [
        { oidc: { ...CORP, name: "corp-staff" } },
        { oidc: { ...CORP, name: "partner", clientId: "other", label: "Partner & Söhne" } },
      ],
    });
    expect(sessions.signIn.oidc).toEqual([
      { name: "corp-staff", label: "Corp staff", startPath: "/login/oidc?source=corp-staff" },
      { name: "partner", label: "Partner & Söhne", startPath: "/login/oidc?source=partner" },
    ]);
    expect(JSON.stringify(resourcesOf(stack, "AWS::Lambda::Function"))).not.toContain("Söhne");
  });
});

describe("a synth warning", () => {
  const warningsOf = (identity: IdentitySource | IdentitySource[], acknowledged?: string): string[] => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Mine");
    const sessions = new SingleSession(stack, "Sessions", { identity });
    if (acknowledged !== undefined) Annotations.of(sessions).acknowledgeWarning(acknowledged);
    return AssertedAnnotations.fromStack(stack)
      .findWarning("*", Match.anyValue())
      .map(({ entry }) => entry.data as string);
  };
  const several = { ...CORP, audience: ["app", "android"] };

  it("says what to do where several audiences are used with sub, which may be pairwise", () => {
    const [warning, ...others] = warningsOf({ oidc: several });
    expect(warning).toContain('"corp" accepts several audiences');
    expect(warning).toContain("Set userIdClaim");
    expect(others).toEqual([]);
  });

  it("says what to do where two sources have one issuer, also two of one user pool", () => {
    const two = [{ oidc: CORP }, { oidc: { ...CORP, name: "mobile", clientId: "android" } }];
    expect(warningsOf(two)).toEqual([expect.stringContaining("one source with an audience list")]);
    const pools = [{ cognito: POOL }, { cognito: { ...POOL, name: "mobile", clientId: "android" } }];
    expect(warningsOf(pools)).toEqual([expect.stringContaining('"cognito" and "mobile"')]);
  });

  it.each([
    "https://accounts.google.com",
    `https://login.microsoftonline.com/${TENANT}/v2.0`,
    `https://sts.windows.net/${TENANT}/`,
  ])(
    "says that auth_time must be switched on at %s, unless iat is accepted or it is acknowledged",
    (issuer) => {
      const source = { ...CORP, issuer, userIdClaim: "oid" };
      expect(warningsOf({ oidc: source })).toEqual([expect.stringContaining("acceptIssuedAt")]);
      expect(warningsOf({ oidc: { ...source, acceptIssuedAt: true } })).toEqual([]);
      expect(warningsOf({ oidc: source }, IDENTITY_WARNINGS.signInTime)).toEqual([]);
    },
  );

  it("is gone with the claim named, or acknowledged", () => {
    expect(warningsOf({ oidc: { ...several, userIdClaim: "oid" } })).toEqual([]);
    expect(warningsOf({ oidc: { ...several, userIdClaim: "sub" } })).toEqual([]);
    expect(warningsOf({ oidc: several }, IDENTITY_WARNINGS.pairwiseSubjects)).toEqual([]);
    expect(warningsOf({ cognito: { ...POOL, audience: ["1example", "android"] } })).toEqual([]);
  });
});

describe("an issuer that can match no token", () => {
  it.each([
    "https://login.microsoftonline.com/{tenantid}/v2.0",
    "https://login.microsoftonline.com/{tenant}/v2.0",
    "https://login.microsoftonline.com/${TENANT_ID}/v2.0",
    "https://login.microsoftonline.com/<tenant>/v2.0",
    "https://login.microsoftonline.com/%7Btenantid%7D/v2.0",
    "https://{yourOktaDomain}/oauth2/default",
    "https://YOUR_DOMAIN/",
    "https://YOUR-TENANT.eu.auth0.com/",
    "https://sso.example.com/realms/{realm-name}",
    "https://*.example.com",
  ])("(a placeholder: %s) is refused, and told what to give", (issuer) => {
    for (const value of [issuer, ["accounts.example.com", issuer]]) {
      expect(refusal({ oidc: { ...CORP, issuer: value } })).toMatch(
        /issuer(\[1\])? \(prop\) is ".*without a placeholder: give the value of your own tenant/,
      );
    }
    expect(refusal({ oidc: { ...CORP, jwksUri: `${issuer}/keys` } })).toContain("without a placeholder");
  });

  it.each([
    "common",
    "organizations",
    "consumers",
    "Common",
    "contoso.onmicrosoft.com",
    TENANT,
    `${TENANT}/v2.0/`,
  ])("(Entra ID's endpoint %s) is refused, and told the tenant's issuer", (path) => {
    for (const host of ["login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net"]) {
      const issuer = `https://${host}/${path}${path.includes(TENANT) ? "" : "/v2.0"}`;
      expect(refusal({ oidc: { ...CORP, issuer } })).toContain("the issuer of one tenant by its id");
    }
  });

  it("(personal Microsoft accounts) is told the tenant that their tokens name", () => {
    const issuer = "https://login.microsoftonline.com/consumers/v2.0";
    expect(refusal({ oidc: { ...CORP, issuer } })).toContain("/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
  });

  it("(the address of the discovery document) is refused", () => {
    const issuer = "https://login.example.com/.well-known/openid-configuration";
    expect(refusal({ oidc: { ...CORP, issuer } })).toContain('names it as "issuer"');
  });

  it.each([
    [[]],
    [["accounts.google.com"]],
    [["https://a.example", 7]],
    [["http://a.example", "https://a.example"]],
  ])("(the list %j) is refused", (issuer) =>
    expect(refusal({ oidc: { ...CORP, issuer } })).toContain("issuer"),
  );
});
