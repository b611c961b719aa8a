import { Fn, Stack } from "aws-cdk-lib";
import { UserPool, UserPoolClient, UserPoolDomain, type IUserPool } from "aws-cdk-lib/aws-cognito";
import { describe, expect, it } from "vitest";
import { SettingError, SingleSession } from "../../infra/index.ts";
import type { CognitoIdentitySource } from "../../infra/settings/identity-sources.ts";
import { readSettings } from "../../infra/settings/settings.ts";
import type { Reference } from "../../local/model/intrinsics.ts";
import { deployedSettings, newApp, resourceOf, WITHOUT_CODE } from "./support.ts";

const ENV = { account: "111122223333", region: "eu-central-1" };
const newStack = (): Stack => new Stack(newApp(WITHOUT_CODE), "Mine", { env: ENV });
const text = (ref: string): Reference => ({ ref, attributes: {} });

describe("a user pool as constructs", () => {
  const sourceOf = (source: CognitoIdentitySource) => {
    const [cognito] = readSettings({ identity: { cognito: source } }).identity.oidc;
    return cognito!;
  };
  const endpointsOf = (stack: Stack, source: CognitoIdentitySource): unknown =>
    stack.resolve(sourceOf(source).flow?.endpoints?.token);
  const clientOf = (pool: IUserPool, id: string, generateSecret = false): UserPoolClient =>
    new UserPoolClient(pool.stack, id, { userPool: pool, generateSecret });

  it("of the same stack gives the functions what the deployment gives it", () => {
    const stack = newStack();
    const userPool = new UserPool(stack, "Pool");
    const userPoolClient = [clientOf(userPool, "Web"), clientOf(userPool, "App")];
    const userPoolDomain = userPool.addDomain("Domain", { cognitoDomain: { domainPrefix: "shop" } });
    new SingleSession(stack, "Sessions", {
      identity: { cognito: { userPool, userPoolClient, userPoolDomain } },
    });
    const idOf = (type: string, prefix: string) => resourceOf(stack, type, prefix).id;
    const { oidcSources } = deployedSettings(stack, {
      [idOf("AWS::Cognito::UserPool", "Pool")]: text("eu-central-1_AbC"),
      [idOf("AWS::Cognito::UserPoolClient", "Web")]: text("1web"),
      [idOf("AWS::Cognito::UserPoolClient", "App")]: text("2app"),
      [idOf("AWS::Cognito::UserPoolDomain", "PoolDomain")]: text("shop"),
    });
    expect(oidcSources).toMatchObject([
      {
        userPoolId: "eu-central-1_AbC",
        clientId: "1web",
        audience: ["1web", "2app"],
        flow: {
          clientId: "1web",
          endpoints: {
            authorization: "https://shop.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
            token: "https://shop.auth.eu-central-1.amazoncognito.com/oauth2/token",
          },
        },
      },
    ]);
  });

  it("may have a domain of one's own, an imported one, and lie in another Region", () => {
    const stack = newStack();
    const userPool = UserPool.fromUserPoolId(stack, "Pool", "us-east-1_AbC");
    const userPoolClient = UserPoolClient.fromUserPoolClientId(stack, "Client", "1client");
    const source = { userPool, userPoolClient };
    expect(sourceOf(source)).toMatchObject({ userPoolId: "us-east-1_AbC", clientId: "1client" });
    const imported = (id: string, name: string) => UserPoolDomain.fromDomainName(stack, id, name);
    expect(endpointsOf(stack, { ...source, userPoolDomain: imported("Own", "id.shop.example") })).toBe(
      "https://id.shop.example/oauth2/token",
    );
    expect(endpointsOf(stack, { ...source, userPoolDomain: imported("Prefix", "shop") })).toBe(
      "https://shop.auth.us-east-1.amazoncognito.com/oauth2/token",
    );
    const elsewhere = new Stack(newApp(WITHOUT_CODE), "Elsewhere", { env: { ...ENV, region: "us-west-2" } });
    const there = new UserPool(elsewhere, "Pool");
    const userPoolDomain = there.addDomain("Domain", { cognitoDomain: { domainPrefix: "shop" } });
    expect(JSON.stringify(endpointsOf(elsewhere, { ...source, userPool: there, userPoolDomain }))).toContain(
      ".auth.us-west-2.amazoncognito.com/oauth2/token",
    );
  });

  it("takes the domain's base URL and a host of which a part is known, with one https://", () => {
    const stack = newStack();
    const pool = new UserPool(stack, "Pool");
    const domain = pool.addDomain("Domain", { cognitoDomain: { domainPrefix: "shop" } });
    const source = { userPool: pool, userPoolClient: clientOf(pool, "Web") };
    const expected = endpointsOf(stack, { ...source, userPoolDomain: domain });
    expect(JSON.stringify(expected)).toContain('"https://"');
    expect(endpointsOf(stack, { ...source, domain: domain.baseUrl() })).toEqual(expected);
    const host = `${domain.domainName}.auth.eu-central-1.amazoncognito.com`;
    expect(endpointsOf(stack, { ...source, domain: host })).toEqual(expected);
    expect(endpointsOf(stack, { ...source, domain: "https://id.shop.example" })).toBe(
      "https://id.shop.example/oauth2/token",
    );
  });

  it.each<[string, (stack: Stack) => unknown, string, string]>([
    [
      "both the id and the construct",
      (stack) => ({ userPoolId: "eu-central-1_a", userPool: new UserPool(stack, "P"), clientId: "a" }),
      "identity.cognito.userPoolId (prop) and identity.cognito.userPool (prop) are both given",
      "one of them",
    ],
    [
      "a construct where an id belongs",
      (stack) => ({ userPoolId: new UserPool(stack, "P"), clientId: "a" }),
      "identity.cognito.userPoolId (prop) is the construct Mine/P",
      "or userPool",
    ],
    [
      "text where a construct belongs",
      () => ({ userPool: "eu-central-1_a", clientId: "a" }),
      'identity.cognito.userPool (prop) is "eu-central-1_a"',
      "UserPool of aws-cognito",
    ],
    [
      "an empty list of clients",
      () => ({ userPoolId: "eu-central-1_a", userPoolClient: [] }),
      "identity.cognito.userPoolClient (prop) is []",
      "a list of 1 to 50",
    ],
    [
      "a client with a secret for the code flow",
      (stack) => {
        const userPool = new UserPool(stack, "P");
        const userPoolDomain = userPool.addDomain("D", { cognitoDomain: { domainPrefix: "a" } });
        return { userPool, userPoolClient: clientOf(userPool, "C", true), userPoolDomain };
      },
      "identity.cognito.userPoolClient (prop) is Mine/C, which has a secret",
      "generateSecret: false",
    ],
    [
      "an imported domain without a name",
      (stack) => ({
        userPoolId: "eu-central-1_a",
        clientId: "a",
        userPoolDomain: UserPoolDomain.fromDomainName(stack, "D", Fn.importValue("Domain")),
      }),
      "identity.cognito.userPoolDomain (prop) is imported by a name that is known only at deployment",
      "the whole host as domain",
    ],
  ])("is refused with %s", (_, make, subject, accepted) => {
    const cognito = make(newStack()) as CognitoIdentitySource;
    expect(() => sourceOf(cognito)).toThrow(SettingError);
    expect(() => sourceOf(cognito)).toThrow(subject);
    expect(() => sourceOf(cognito)).toThrow(accepted);
  });
});
