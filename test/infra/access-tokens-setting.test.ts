import { describe, expect, it } from "vitest";
import { read } from "./read.ts";
import { constructIn, resourcesOf } from "./support.ts";

const CORP = {
  name: "corp",
  issuer: "https://login.example.com/corp",
  clientId: "app",
  jwksUri: "https://login.example.com/corp/keys",
};
const POOL = { userPoolId: "eu-central-1_AbCdEfGhI", clientId: "1example" };

const sourcesOf = (identity: unknown) => read({ context: { identity } }).functions.oidcSources;
const corpWith = (accessTokens: unknown) => ({ oidc: { ...CORP, accessTokens } });

describe("accessTokens", () => {
  it("is told to the functions, for each kind of source, as true or by its fields", () => {
    for (const yes of [true, "true", {}]) {
      expect(sourcesOf(corpWith(yes))).toMatchObject([{ accessTokens: {} }]);
      expect(sourcesOf({ cognito: { ...POOL, accessTokens: yes } })).toMatchObject([{ accessTokens: {} }]);
    }
    const all = {
      sessionClaim: "https://example.com/session",
      authTimeClaim: "https://example.com/auth_time",
      audience: "https://api.example.com",
      admit: "login",
      signIn: "claim+auth_time",
      admitFrom: "2026-11-29T18:00:00+01:00",
    };
    expect(sourcesOf(corpWith(all))).toMatchObject([
      {
        accessTokens: {
          ...all,
          audience: ["https://api.example.com"],
          admitFrom: Date.UTC(2026, 10, 29, 17),
        },
      },
    ]);
  });

  it("is off where it says no or nothing", () => {
    for (const no of [false, "no", undefined, null]) {
      expect(sourcesOf(corpWith(no))?.[0]).not.toHaveProperty("accessTokens");
    }
  });

  it("needs the sign-in table, which is there without passwords", () => {
    const { stack } = constructIn({ identity: { cognito: { ...POOL, accessTokens: true } } });
    const tables = Object.keys(resourcesOf(stack, "AWS::DynamoDB::Table"));
    expect(tables.map((id) => id.replace(/^Sessions(\w+)table\w{8}$/, "$1")).sort()).toEqual([
      "activity",
      "jobs",
      "sessions",
      "signin",
    ]);
  });

  const claim = "a claim that is the same in every refreshed token and another one at each sign-in";
  const time = "an ISO 8601 time with its time zone";
  it.each<[unknown, string, string]>([
    ["maybe", 'accessTokens (context) is "maybe"', "true, false or an object with sessionClaim, audience"],
    [[], "accessTokens (context) is []", "true, false or an object"],
    [{ claim: "sid" }, "accessTokens.claim (context) is not known", "sessionClaim, audience, admit"],
    [{ sessionClaim: "jti" }, 'accessTokens.sessionClaim (context) is "jti"', claim],
    [{ sessionClaim: "sub" }, 'accessTokens.sessionClaim (context) is "sub"', claim],
    [{ authTimeClaim: "iat" }, 'accessTokens.authTimeClaim (context) is "iat"', "the time of the sign-in"],
    [{ authTimeClaim: 7 }, "accessTokens.authTimeClaim (context) is 7", "text of 1 to 256"],
    [{ sessionClaim: "" }, 'accessTokens.sessionClaim (context) is ""', "text of 1 to 256"],
    [{ sessionClaim: ["sid"] }, 'accessTokens.sessionClaim (context) is ["sid"]', "text of 1 to 256"],
    [{ audience: [] }, "accessTokens.audience (context) is []", "a list of 1 to 50 texts"],
    [{ audience: 7 }, "accessTokens.audience (context) is 7", "a list of 1 to 50 texts"],
    [{ admit: "always" }, 'accessTokens.admit (context) is "always"', "first-use, login"],
    [{ admit: true }, "accessTokens.admit (context) is true", "first-use, login"],
    [{ signIn: "auth_time" }, 'accessTokens.signIn (context) is "auth_time"', "claim, claim+auth_time"],
    [{ admitFrom: "yesterday" }, 'accessTokens.admitFrom (context) is "yesterday"', time],
    [{ admitFrom: "2026-11-29" }, 'accessTokens.admitFrom (context) is "2026-11-29"', time],
    [{ admitFrom: "2026-11-29T17:00:00" }, 'accessTokens.admitFrom (context) is "2026-11-29T17:00:00"', time],
    [{ admitFrom: "2026-13-29T17:00:00Z" }, 'accessTokens.admitFrom (context) is "2026-13-29T17', time],
    [{ admitFrom: "2096-11-29T17:00:00Z" }, 'accessTokens.admitFrom (context) is "2096-11-29T17', time],
    [{ admitFrom: 1790000000000 }, "accessTokens.admitFrom (context) is 1790000000000", time],
  ])("%j is refused by its name, its value and what is accepted", (value, subject, accepted) => {
    expect(() => sourcesOf(corpWith(value))).toThrow(`identity.oidc.${subject}`);
    expect(() => sourcesOf(corpWith(value))).toThrow(accepted);
  });

  it("of two sources of one issuer must not share an audience, with each other's id tokens neither", () => {
    const second = { ...CORP, name: "second", clientId: "other" };
    const api = { audience: "https://api.example.com" };
    const shared = "one source for each pair of issuer and audience";
    for (const [one, two] of [
      [api, api],
      [{ audience: "other" }, undefined],
      [undefined, { audience: ["x", "app"] }],
    ]) {
      const identity = [{ oidc: { ...CORP, accessTokens: one } }, { oidc: { ...second, accessTokens: two } }];
      expect(() => sourcesOf(identity)).toThrow(shared);
    }
    const apart = [corpWith(api), { oidc: { ...second, accessTokens: { audience: "https://b.example" } } }];
    expect(sourcesOf(apart)).toHaveLength(2);
  });
});
