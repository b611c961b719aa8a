import { UserPool } from "aws-cdk-lib/aws-cognito";
import { describe, expect, it } from "vitest";
import type { IdentitySource } from "../../infra/settings/identity-setting.ts";
import { SingleSession } from "../../infra/single-session.ts";
import { read, refusalOf } from "./read.ts";
import { asList, constructIn, resourceOf, resourcesOf, settingsOf, type Statement } from "./support.ts";

const CORP = {
  name: "corp",
  issuer: "https://login.example.com/corp",
  clientId: "app",
  jwksUri: "https://login.example.com/corp/keys",
};
const POOL = { userPoolId: "eu-central-1_AbCdEfGhI", clientId: "1example" };

const identityOf = (identity: unknown) => read({ context: { identity } }).identity;

describe("identity", () => {
  it("takes sources of all kinds in one list, and tells the functions what they need", () => {
    const { identity, functions } = read({
      context: { identity: ["passwords", { oidc: CORP }, { cognito: POOL }] },
    });
    expect(identity).toEqual({ passwords: true, oidc: functions.oidcSources });
    expect(functions.oidcSources).toEqual([
      {
        kind: "oidc",
        name: "corp",
        issuer: "https://login.example.com/corp",
        audience: ["app"],
        jwksUri: "https://login.example.com/corp/keys",
        mapping: {},
        flow: { clientId: "app", scopes: ["openid"] },
      },
      { kind: "cognito", name: "cognito", ...POOL, mapping: { permissionsClaim: "cognito:groups" } },
    ]);
  });

  it("takes one source alone, and JSON text, as `--set identity=...` gives it", () => {
    const alone = identityOf({ oidc: CORP });
    expect(alone).toMatchObject({ passwords: false, oidc: [{ name: "corp" }] });
    expect(identityOf(JSON.stringify({ oidc: CORP }))).toEqual(alone);
    expect(identityOf(JSON.stringify(["passwords", { oidc: CORP }]))).toEqual({ ...alone, passwords: true });
  });

  it("gives a source the endpoints, scopes and mapping as set", () => {
    const { oidc } = identityOf([
      {
        oidc: {
          ...CORP,
          audience: ["app", "spa"],
          scopes: ["openid", "groups"],
          authorizationEndpoint: "https://login.example.com/auth",
          tokenEndpoint: "https://login.example.com/token",
          adminClaim: "groups",
          adminValues: ["ops"],
          permissionsClaim: "roles",
          permissionValues: ["single_session.logout"],
        },
      },
      { cognito: { ...POOL, name: "pool", domain: "auth.example.com", adminGroups: ["admins"] } },
    ]);
    expect(oidc).toMatchObject([
      {
        audience: ["app", "spa"],
        mapping: {
          adminClaim: "groups",
          adminValues: ["ops"],
          permissionsClaim: "roles",
          permissionValues: ["single_session.logout"],
        },
        flow: {
          scopes: ["openid", "groups"],
          endpoints: {
            authorization: "https://login.example.com/auth",
            token: "https://login.example.com/token",
          },
        },
      },
      {
        name: "pool",
        mapping: { adminClaim: "cognito:groups", adminValues: ["admins"] },
        flow: { endpoints: { token: "https://auth.example.com/oauth2/token" } },
      },
    ]);
  });

  it("takes a user pool of the same stack, whose id is known at deployment only", () => {
    const { stack } = constructIn();
    const pool = new UserPool(stack, "Pool");
    const { userPoolClientId: clientId } = pool.addClient("Client");
    const identity = [{ cognito: { userPoolId: pool.userPoolId, clientId } }];
    new SingleSession(stack, "Other", { identity });
    const { Environment } = resourceOf(stack, "AWS::Lambda::Function", "Otherlogin").Properties;
    const poolId = resourceOf(stack, "AWS::Cognito::UserPool").id;
    expect(JSON.stringify(Environment)).toContain(`\\"userPoolId\\":\\"",{"Ref":"${poolId}"}`);
    expect(read({ props: { identity } }).identity.oidc).toMatchObject([
      { userPoolId: pool.userPoolId, clientId },
    ]);
  });
});

describe("acceptIssuedAt", () => {
  it("is told to the functions where it says yes", () => {
    for (const yes of [true, "yes"]) {
      expect(identityOf({ oidc: { ...CORP, acceptIssuedAt: yes } }).oidc).toMatchObject([
        { acceptIssuedAt: true },
      ]);
    }
    for (const no of [false, "no", undefined]) {
      const [source] = identityOf({ oidc: { ...CORP, acceptIssuedAt: no } }).oidc;
      expect(source).not.toHaveProperty("acceptIssuedAt");
    }
  });
});

describe("an identity source that cannot be right", () => {
  it.each<[unknown, string, string]>([
    [
      { oidc: { ...CORP, acceptIssuedAt: "maybe" } },
      'identity.oidc.acceptIssuedAt (context) is "maybe"',
      "true, false",
    ],
    [
      { cognito: { ...POOL, acceptIssuedAt: true } },
      "identity.cognito.acceptIssuedAt (context) is not known",
      "name, userPoolId",
    ],
    ["[{]", 'identity (context) is "[{]"', "JSON text"],
    [[{ saml: {} }], "identity[0] (context) is an object with saml", '{"oidc": {...}}'],
    [
      [{ oidc: CORP, cognito: POOL }],
      "identity[0] (context) is an object with oidc, cognito",
      '{"oidc": {...}}',
    ],
    [[null], "identity[0] (context) is null", '"passwords"'],
    [["passwords", { oidc: "corp" }], 'identity[1].oidc (context) is "corp"', "an object with name, issuer"],
    [{ oidc: { ...CORP, name: "Corp" } }, 'identity.oidc.name (context) is "Corp"', "1 to 32 of a-z"],
    [
      { oidc: { ...CORP, name: "trusted" } },
      'identity.oidc.name (context) is "trusted"',
      "other than passwords",
    ],
    [{ oidc: { ...CORP, name: "a:b" } }, 'identity.oidc.name (context) is "a:b"', "1 to 32 of a-z"],
    [{ oidc: { ...CORP, issuer: "http://a.example" } }, 'issuer (context) is "http://a.example"', "https://"],
    [
      { oidc: { ...CORP, issuer: "https://a.example?b" } },
      'issuer (context) is "https://a.example?b"',
      "without query",
    ],
    [{ oidc: { ...CORP, jwksUri: undefined } }, "identity.oidc.jwksUri (context) is undefined", "https://"],
    [{ oidc: { ...CORP, clientId: undefined } }, "identity.oidc.audience (context) is undefined", "a list"],
    [{ oidc: { ...CORP, audience: "api" } }, 'audience (context) is "api"', 'the clientId "app" in it'],
    [{ oidc: { ...CORP, audience: ["app", 7] } }, "identity.oidc.audience[1] (context) is 7", "text"],
    [{ oidc: { ...CORP, scopes: ["email"] } }, 'scopes (context) is ["email"]', "openid in it"],
    [
      { oidc: { ...CORP, tokenEndpoint: "https://a.example/t" } },
      "has one of authorizationEndpoint and",
      "both, or neither",
    ],
    [
      { oidc: { ...CORP, clientId: undefined, audience: "app", scopes: ["openid"] } },
      "identity.oidc.scopes (context) is given without clientId",
      "both, or neither",
    ],
    [
      { oidc: { ...CORP, adminValues: ["a"] } },
      "adminValues (context) is given without adminClaim",
      "adminClaim",
    ],
    [{ oidc: { ...CORP, permissionValues: ["a"] } }, "given without permissionsClaim", "permissionsClaim"],
    [{ oidc: { ...CORP, userIdClaim: "" } }, 'userIdClaim (context) is ""', "text of 1 to 256"],
    [{ oidc: { ...CORP, userIdClaim: "tid" } }, 'userIdClaim (context) is "tid"', "identifies one person"],
    [{ oidc: { ...CORP, label: " Corp" } }, 'label (context) is " Corp"', "without white space at its ends"],
    [{ cognito: { ...POOL, label: "" } }, 'identity.cognito.label (context) is ""', "1 to 64 characters"],
    [{ oidc: { ...CORP, authorizedParties: "app" } }, 'authorizedParties (context) is "app"', "a list"],
    [
      { cognito: { ...POOL, audience: ["other"] } },
      'audience (context) is ["other"]',
      'the clientId "1example"',
    ],
    [
      [
        { oidc: CORP },
        { oidc: { ...CORP, name: "twin", issuer: ["https://b.example", "https://login.example.com/corp"] } },
      ],
      'two sources, "corp" and "twin", for https://login.example.com/corp and "app"',
      "one source for each pair",
    ],
    [
      [
        { cognito: POOL },
        {
          oidc: {
            ...CORP,
            issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${POOL.userPoolId}`,
            clientId: POOL.clientId,
          },
        },
      ],
      'two sources, "cognito" and "corp", for https://cognito-idp',
      "one source for each pair",
    ],
    [
      { cognito: { ...POOL, userPoolId: "AbC" } },
      'identity.cognito.userPoolId (context) is "AbC"',
      "eu-central-1_",
    ],
    [
      { cognito: { ...POOL, domain: "http://a.example" } },
      'domain (context) is "http://a.example"',
      "a host name",
    ],
    [
      [{ oidc: CORP }, { oidc: { ...CORP, issuer: "https://b.example" } }],
      'two sources named "corp"',
      "of its own",
    ],
    [
      [{ oidc: CORP }, { oidc: { ...CORP, name: "twin" } }],
      'two sources, "corp" and "twin", for https://login.example.com/corp and "app"',
      "one source for each pair",
    ],
    [
      Array.from({ length: 12 }, (_, index) => ({
        oidc: { ...CORP, name: `c${index}`, clientId: `app${index}` },
      })),
      "bytes of OIDC sources",
      "at most 2048",
    ],
  ])("%j is refused, naming field, value and what is accepted", (identity, subject, accepted) => {
    const [told = "", acceptance = ""] = refusal(identity).split(". Accepted: ");
    expect(told).toContain(subject);
    expect(acceptance).toContain(accepted);
  });

  it("is never shown where it may be a client's secret", () => {
    const message = refusal([{ oidc: { ...CORP, clientSecret: "hunter2-hunter2" } }]);
    expect(message).toContain("identity[0].oidc.clientSecret (context) is not known");
    expect(message).toContain("clients with a secret are not supported");
    expect(message).not.toContain("hunter2");
  });
});

const refusal = (identity: unknown): string => refusalOf(() => identityOf(identity));

describe("a stack with the code flow on", () => {
  const { stack, sessions } = constructIn({ identity: { oidc: CORP } });

  it("has its function, with the settings and the policy of any login, and no directory", () => {
    expect(sessions.loginOidcFunction).toBeDefined();
    expect(sessions.usersTable).toBeUndefined();
    expect(sessions.signInTable).toBeDefined();
    const lambda = resourceOf(stack, "AWS::Lambda::Function", "Sessionsloginoidc");
    expect(lambda.Properties["Timeout"]).toBeLessThan(30);
    const { Variables } = lambda.Properties["Environment"] as { Variables: Record<string, unknown> };
    expect(Variables["SIGN_IN_TABLE"]).toBeDefined();
    expect(Variables["USERS_TABLE"]).toBeUndefined();
    expect(settingsOf(stack, "Sessionsloginoidc")).toMatchObject({ oidcSources: [{ name: "corp" }] });
  });

  it("lets that function commit logins, mark tokens as used and keep refusals, and nothing else", () => {
    const policy = resourceOf(stack, "AWS::IAM::Policy", "Sessionsloginoidcpolicy");
    const { Statement } = policy.Properties["PolicyDocument"] as { Statement: Statement[] };
    const tableOf = (resource: unknown) => String((resource as { "Fn::GetAtt": string[] })["Fn::GetAtt"][0]);
    const allowed = Statement.flatMap(({ Action, Resource }) =>
      asList(Action).map((action) => `${action} ${tableOf(Resource).replace(/[0-9A-F]{8}$/, "")}`),
    ).filter((entry) => entry.startsWith("dynamodb:"));
    expect(allowed.sort()).toEqual([
      "dynamodb:DeleteItem Sessionssessionstable",
      "dynamodb:GetItem Sessionssessionstable",
      "dynamodb:GetItem Sessionssignintable",
      "dynamodb:PutItem Sessionsactivitytable",
      "dynamodb:PutItem Sessionssessionstable",
      "dynamodb:PutItem Sessionssignintable",
      "dynamodb:UpdateItem Sessionsactivitytable",
    ]);
  });
});

describe("a stack without the code flow", () => {
  it.each([
    [["passwords"]],
    [{ oidc: { ...CORP, clientId: undefined, audience: "app" } }],
    [{ cognito: POOL }],
  ])("(%j) has no function for it", (identity) => {
    const { stack, sessions } = constructIn({ identity: identity as IdentitySource });
    expect(sessions.loginOidcFunction).toBeUndefined();
    expect(sessions.signInTable).toBeDefined();
    expect(JSON.stringify(resourcesOf(stack, "AWS::Lambda::Function"))).not.toContain("login-oidc");
  });
});
